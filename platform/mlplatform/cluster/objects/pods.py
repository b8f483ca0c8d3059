"""Pods, as templates in other objects: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Labels, Metadata, Toleration
from mlplatform.fast.record import record


@record(kw_only=True)
class FieldRef:
    """A field of the pod itself."""

    field_path: str
    """The field, for example `metadata.labels['app']`."""


@record(kw_only=True)
class EnvSource:
    """Where the value of an environment variable comes from."""

    field_ref: FieldRef
    """A field of the pod."""


@record(kw_only=True)
class EnvVar:
    """An environment variable: a value, or where it comes from."""

    name: str
    """Its name."""

    value: str | None = None
    """Its value."""

    value_from: EnvSource | None = None
    """Where it comes from."""


@record(kw_only=True)
class ClaimRef:
    """A claim of devices that a container uses."""

    name: str
    """Its name in the pod."""


@record(kw_only=True)
class Resources:
    """What a container asks for, and what it may not exceed."""

    requests: Mapping[str, str] | None = None
    """Quantities that the node must have. Omitted: the limits."""

    limits: Mapping[str, str] | None = None
    """Most of each; devices need the same number in both."""

    claims: tuple[ClaimRef, ...] | None = None
    """Claims of devices."""


@record(kw_only=True)
class Capabilities:
    """Rights of Linux beyond a plain process's."""

    add: tuple[str, ...] | None = None
    """Those added, without `CAP_`."""


@record(kw_only=True)
class ContainerSecurity:
    """What a container may do on its node."""

    capabilities: Capabilities | None = None
    """Rights of Linux."""

    privileged: bool | None = None
    """Whether it may do all that the node's root may."""


@record(kw_only=True)
class Mount:
    """A volume in a container."""

    name: str
    """The volume."""

    mount_path: str
    """Its path in the container."""

    read_only: bool | None = None
    """Whether it can only be read."""


@record(kw_only=True)
class Container:
    """A container."""

    name: str
    """Unique in the pod."""

    image: str
    """Its image."""

    command: tuple[str, ...] | None = None
    """Program and first arguments. Omitted: the image's."""

    args: tuple[str, ...] | None = None
    """Further arguments."""

    env: tuple[EnvVar, ...] | None = None
    """Environment variables."""

    resources: Resources | None = None
    """What it asks for."""

    security_context: ContainerSecurity | None = None
    """What it may do."""

    volume_mounts: tuple[Mount, ...] | None = None
    """Its volumes."""

    restart_policy: Literal["Always"] | None = None
    """`Always` makes an init container run beside the others, until they end."""


@record(kw_only=True)
class EmptyDir:
    """A volume that begins empty and goes with the pod."""

    medium: Literal["Memory"] | None = None
    """`Memory`: in the node's memory. Omitted: on its disk."""

    size_limit: str | None = None
    """Most of it."""


@record(kw_only=True)
class HostPath:
    """A folder of the node."""

    path: str
    """Its path there."""

    type: Literal["Directory", "DirectoryOrCreate"] | None = None
    """What must be there. Omitted: it is not looked at."""


@record(kw_only=True)
class ConfigMapVolume:
    """The texts of a ConfigMap as files."""

    name: str
    """The ConfigMap, in the pod's namespace."""

    optional: bool | None = None
    """Whether the pod starts without it."""


@record(kw_only=True)
class ClaimVolume:
    """A claim of the pod's namespace."""

    claim_name: str
    """The claim."""

    read_only: bool | None = None
    """Whether no container may write. Omitted: they may where the volume lets them."""


@record(kw_only=True)
class Volume:
    """A volume of a pod, of one kind."""

    name: str
    """Unique in the pod."""

    empty_dir: EmptyDir | None = None
    """Begins empty."""

    host_path: HostPath | None = None
    """A folder of the node."""

    config_map: ConfigMapVolume | None = None
    """A ConfigMap's texts."""

    persistent_volume_claim: ClaimVolume | None = None
    """A claim."""


@record(kw_only=True)
class PodClaim:
    """A claim of devices for each pod, made from a template."""

    name: str
    """Its name in the pod."""

    resource_claim_template_name: str
    """The template, in the pod's namespace."""


@record(kw_only=True)
class PodSpec:
    """A pod."""

    containers: tuple[Container, ...]
    """Its containers."""

    init_containers: tuple[Container, ...] | None = None
    """Containers that run before, or, with `restart_policy`, beside the others."""

    node_selector: Mapping[str, str] | None = None
    """Labels of the nodes that it may run on."""

    affinity: Mapping[str, object] | None = None
    """Nodes that it must or should run on. Omitted: any that the selector admits."""

    tolerations: tuple[Toleration, ...] | None = None
    """Taints that it tolerates. Omitted: none."""

    priority_class_name: str | None = None
    """Its priority. Omitted: the cluster's default."""

    host_network: bool | None = None
    """Whether it has the node's network instead of one of its own."""

    host_pid: bool | None = None
    """Whether it sees the node's processes."""

    automount_service_account_token: bool | None = None
    """Whether it gets a token of the cluster's API. Omitted: it does."""

    service_account_name: str | None = None
    """Its account."""

    restart_policy: Literal["Always", "OnFailure", "Never"] | None = None
    """Whether its containers start again in place."""

    termination_grace_period_seconds: int | None = None
    """Seconds from the signal to end until it is killed."""

    volumes: tuple[Volume, ...] | None = None
    """Its volumes."""

    resource_claims: tuple[PodClaim, ...] | None = None
    """Its claims of devices."""


@record(kw_only=True)
class PodMetadata:
    """Labels and annotations of the pods of a template."""

    labels: Labels | None = None
    """Labels."""

    annotations: Labels | None = None
    """Annotations."""


@record(kw_only=True)
class PodTemplate:
    """Pods of one kind."""

    metadata: PodMetadata | None = None
    """Their labels and annotations."""

    spec: PodSpec
    """The pods."""


@record(kw_only=True)
class ExactDevices:
    """A number of devices of a class."""

    device_class_name: str
    """The class."""

    count: int
    """How many."""

    allocation_mode: Literal["ExactCount"] = "ExactCount"
    """Exactly that many: Kueue can count no other mode."""


@record(kw_only=True)
class DeviceRequest:
    """Devices that a claim asks for."""

    name: str
    """Unique in the claim."""

    exactly: ExactDevices
    """The devices."""


@record(kw_only=True)
class DeviceRequests:
    """Everything that a claim asks for."""

    requests: tuple[DeviceRequest, ...]
    """One per kind of device."""


@record(kw_only=True)
class ClaimBody:
    """A claim."""

    devices: DeviceRequests
    """What it asks for."""


@record(kw_only=True)
class ClaimTemplateSpec:
    """What each claim of a template is."""

    spec: ClaimBody
    """The claim."""


@record(kw_only=True)
class ResourceClaimTemplate(KubeObject):
    """A template of claims, one for each pod that names it."""

    API = "resource.k8s.io/v1"
    KIND = "ResourceClaimTemplate"

    metadata: Metadata
    """Name and namespace."""

    spec: ClaimTemplateSpec
    """The claims; it cannot be changed."""
