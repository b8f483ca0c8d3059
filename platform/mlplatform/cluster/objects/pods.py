"""Pods, as templates in other objects: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Labels, LabelSelector, Metadata, Text, Toleration
from mlplatform.fast.record import record


@record(kw_only=True)
class FieldRef:
    """A field of the pod itself."""

    field_path: str
    """The field, for example `metadata.labels['app']`."""


@record(kw_only=True)
class FileKeyRef:
    """A variable of a file that a container before this one wrote, from Kubernetes 1.35 on."""

    volume_name: str
    """The volume, which begins empty and need not be mounted."""

    path: str
    """The file in it, with lines of `NAME='value'`."""

    key: str
    """The name. A pod whose file lacks it does not start."""


@record(kw_only=True)
class EnvSource:
    """Where the value of an environment variable comes from: one of these."""

    field_ref: FieldRef | None = None
    """A field of the pod."""

    file_key_ref: FileKeyRef | None = None
    """A file of the pod."""


@record(kw_only=True)
class EnvVar:
    """An environment variable: a value, or where it comes from."""

    name: str
    """Its name."""

    value: Text | None = None
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

    drop: tuple[str, ...] | None = None
    """Those taken away; `ALL`."""


@record(kw_only=True)
class SeccompProfile:
    """Which calls of the system a process may make."""

    type: Literal["RuntimeDefault"] = "RuntimeDefault"
    """Those that the runtime of containers allows."""


@record(kw_only=True)
class ContainerSecurity:
    """What a container may do on its node."""

    capabilities: Capabilities | None = None
    """Rights of Linux."""

    privileged: bool | None = None
    """Whether it may do all that the node's root may."""

    allow_privilege_escalation: bool | None = None
    """Whether a process may get more rights than its parent. Omitted: it may."""

    run_as_non_root: bool | None = None
    """Whether a container of root is refused. Omitted: it is not."""

    run_as_user: int | None = None
    """Its user. Omitted: the image's."""

    read_only_root_filesystem: bool | None = None
    """Whether only its volumes can be written to. Omitted: all can."""

    seccomp_profile: SeccompProfile | None = None
    """Calls of the system that it may make. Omitted: all."""


@record(kw_only=True)
class Mount:
    """A volume in a container."""

    name: str
    """The volume."""

    mount_path: str
    """Its path in the container."""

    sub_path: str | None = None
    """A folder of the volume, which then is all that the container sees. Omitted: the whole volume."""

    read_only: bool | None = None
    """Whether it can only be read."""

    mount_propagation: Literal["HostToContainer", "Bidirectional"] | None = None
    """Whether mounts below it are seen on the node too. Omitted: on neither side."""


@record(kw_only=True)
class HttpGet:
    """A request that answers with 200 to 399 where all is well."""

    path: str
    """Its path."""

    port: int
    """Port of the container."""


@record(kw_only=True)
class Probe:
    """A check of a container, again and again."""

    http_get: HttpGet
    """The request."""

    period_seconds: int
    """Seconds between two checks."""

    failure_threshold: int
    """Failures in a row that count."""

    timeout_seconds: int = 5
    """Seconds for the answer."""


@record(kw_only=True)
class Sleep:
    """A wait."""

    seconds: int
    """How long."""


@record(kw_only=True)
class LifecycleHandler:
    """Something done at a moment of a container's life."""

    sleep: Sleep
    """A wait, in which the container goes on."""


@record(kw_only=True)
class Lifecycle:
    """What is done at moments of a container's life."""

    pre_stop: LifecycleHandler
    """Before it is told to end."""


@record(kw_only=True)
class ContainerPort:
    """A port that a container listens on, with a name for those who look for it."""

    name: str
    """Its name."""

    container_port: int
    """Its number."""


@record(kw_only=True)
class Container:
    """A container."""

    name: str
    """Unique in the pod."""

    image: str
    """Its image."""

    command: tuple[str, ...] | None = None
    """Program and first arguments. Omitted: the image's."""

    args: tuple[Text, ...] | None = None
    """Further arguments."""

    env: tuple[EnvVar, ...] | None = None
    """Environment variables."""

    ports: tuple[ContainerPort, ...] | None = None
    """Ports with names. Omitted: none; it listens on whatever it likes all the same."""

    resources: Resources | None = None
    """What it asks for."""

    security_context: ContainerSecurity | None = None
    """What it may do."""

    volume_mounts: tuple[Mount, ...] | None = None
    """Its volumes."""

    startup_probe: Probe | None = None
    """The check that it has started; too many failures start it anew. Omitted: none."""

    readiness_probe: Probe | None = None
    """The check that it may get requests. Omitted: it always may."""

    lifecycle: Lifecycle | None = None
    """What is done before it ends. Omitted: nothing."""

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

    type: Literal["Directory", "DirectoryOrCreate", "File"] | None = None
    """What must be there. Omitted: it is not looked at."""


@record(kw_only=True)
class ConfigMapVolume:
    """The texts of a ConfigMap as files."""

    name: str
    """The ConfigMap, in the pod's namespace."""

    optional: bool | None = None
    """Whether the pod starts without it."""


@record(kw_only=True)
class SecretVolume:
    """A Secret as files."""

    secret_name: str
    """Its name."""

    optional: bool | None = None
    """Whether the pod starts without it. Omitted: no."""


@record(kw_only=True)
class PodToken:
    """A token of the pod's account, which Kubernetes keeps fresh in a file."""

    audience: str
    """Who it is for."""

    expiration_seconds: int
    """Its life, at least 600."""

    path: str
    """The file, in the volume."""


@record(kw_only=True)
class FileOfKey:
    """A text of a ConfigMap as a file."""

    key: str
    """Its key."""

    path: str
    """The file, in the volume."""


@record(kw_only=True)
class ConfigMapFiles:
    """Some texts of a ConfigMap as files."""

    name: str
    """The ConfigMap, in the pod's namespace."""

    items: tuple[FileOfKey, ...]
    """The texts."""


@record(kw_only=True)
class ProjectedSource:
    """One source of a volume that has several."""

    service_account_token: PodToken | None = None
    """A token."""

    config_map: ConfigMapFiles | None = None
    """Texts."""


@record(kw_only=True)
class ProjectedVolume:
    """Files from several sources in one folder."""

    sources: tuple[ProjectedSource, ...]
    """The sources."""


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

    secret: SecretVolume | None = None
    """A Secret."""

    projected: ProjectedVolume | None = None
    """Files from several sources."""


@record(kw_only=True)
class PodClaim:
    """A claim of devices for each pod, made from a template."""

    name: str
    """Its name in the pod."""

    resource_claim_template_name: str
    """The template, in the pod's namespace."""


@record(kw_only=True)
class SpreadConstraint:
    """How pods are spread."""

    topology_key: str
    """Label of the nodes whose values are the places."""

    label_selector: LabelSelector
    """The pods."""

    max_skew: int = 1
    """Most that two places may differ by."""

    when_unsatisfiable: Literal["ScheduleAnyway", "DoNotSchedule"] = "ScheduleAnyway"
    """What happens where it cannot be kept."""


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

    topology_spread_constraints: tuple[SpreadConstraint, ...] | None = None
    """How it and its like are spread over nodes and zones. Omitted: as the scheduler likes."""


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
