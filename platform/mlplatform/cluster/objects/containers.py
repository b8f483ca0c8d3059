"""Containers of pods: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mlplatform.cluster.objects.base import Text
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
