"""Storage classes: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/storage-class-v1/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Metadata, Text
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
