"""Storage classes, volumes and claims:
https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Metadata, Text
from mlplatform.cluster.objects.volumes import HostPath
from mlplatform.fast.record import record


@record(kw_only=True)
class StorageClass(KubeObject):
    """A kind of volume. Only `allow_volume_expansion` and metadata can be changed in place."""

    API = "storage.k8s.io/v1"
    KIND = "StorageClass"

    metadata: Metadata
    """Name, and the annotation that makes it the default."""

    provisioner: str
    """The driver."""

    parameters: Mapping[str, Text]
    """The driver's settings, all texts."""

    reclaim_policy: Literal["Delete", "Retain"] = "Delete"
    """What happens to a volume when its claim is deleted."""

    volume_binding_mode: Literal["Immediate", "WaitForFirstConsumer"] = "WaitForFirstConsumer"
    """When the volume is made: with the pod, in its zone, or with the claim, in any zone."""

    allow_volume_expansion: bool = True
    """Whether a claim may grow."""


AccessMode = Literal["ReadWriteMany", "ReadOnlyMany"]
"""What the pods of many nodes may do at the same time."""


@record(kw_only=True)
class CsiSource:
    """A volume of a driver."""

    driver: str
    """Its name."""

    volume_handle: Text
    """The driver's name of the volume; one node must never see two volumes with the same."""

    volume_attributes: Mapping[str, Text] | None = None
    """The driver's settings, all texts. Omitted: none."""


@record(kw_only=True)
class ClaimReference:
    """The claim that a volume is kept for."""

    name: str
    """Its name."""

    namespace: str
    """Its namespace."""


@record(kw_only=True)
class PersistentVolumeSpec:
    """A volume that exists outside of the cluster."""

    access_modes: tuple[AccessMode, ...]
    """What pods may do."""

    capacity: Mapping[str, str]
    """Its size; Kubernetes demands one of every volume."""

    claim_ref: ClaimReference
    """The only claim that gets it."""

    csi: CsiSource | None = None
    """Where it is; it cannot be changed. Omitted: on the nodes."""

    host_path: HostPath | None = None
    """A folder of each node. Omitted: a driver brings it."""

    mount_options: tuple[str, ...] | None = None
    """Options of the mount."""

    persistent_volume_reclaim_policy: Literal["Retain"] = "Retain"
    """What is in it stays when the claim goes."""

    storage_class_name: str = ""
    """Empty: no class makes or finds it."""


@record(kw_only=True)
class PersistentVolume(KubeObject):
    """A volume."""

    API = "v1"
    KIND = "PersistentVolume"

    metadata: Metadata
    """Name."""

    spec: PersistentVolumeSpec
    """The volume."""


@record(kw_only=True)
class ClaimResources:
    """What a claim asks for."""

    requests: Mapping[str, str]
    """`storage`: at most the volume's size."""


@record(kw_only=True)
class PersistentVolumeClaimSpec:
    """The way to a volume."""

    access_modes: tuple[AccessMode, ...]
    """What pods may do."""

    resources: ClaimResources
    """Its size."""

    volume_name: str
    """The volume."""

    storage_class_name: str = ""
    """Empty: no class makes a volume for it."""


@record(kw_only=True)
class PersistentVolumeClaim(KubeObject):
    """A claim, by which the pods of a namespace use a volume. It cannot be changed."""

    API = "v1"
    KIND = "PersistentVolumeClaim"

    metadata: Metadata
    """Name and namespace."""

    spec: PersistentVolumeClaimSpec
    """The claim."""


@record(kw_only=True)
class CsiDriverSpec:
    """How Kubernetes works with a driver."""

    attach_required: bool
    """Whether a volume is attached to a node before it is mounted; it cannot be changed."""

    pod_info_on_mount: bool
    """Whether the driver is told the pod."""

    fs_group_policy: Literal["ReadWriteOnceWithFSType", "File", "None"]
    """Whether the group of a pod gets the volume's files."""


@record(kw_only=True)
class CsiDriver(KubeObject):
    """A driver of volumes."""

    API = "storage.k8s.io/v1"
    KIND = "CSIDriver"

    metadata: Metadata
    """The driver's name."""

    spec: CsiDriverSpec
    """How it works."""


DEFAULT_CLASS = "mlplatform"
"""Name of the default class. The clouds' own default stays: of two, Kubernetes takes the newest."""


def default_class(provisioner: str, parameters: Mapping[str, Text]) -> StorageClass:
    """The class of claims that name none.

    Args:
        provisioner: the cloud's driver.
        parameters: its settings, with the platform's key.
    """
    return StorageClass(
        metadata=Metadata(name=DEFAULT_CLASS, annotations={"storageclass.kubernetes.io/is-default-class": "true"}),
        provisioner=provisioner,
        parameters=parameters,
    )
