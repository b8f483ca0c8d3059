"""Volumes of pods: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/"""

from __future__ import annotations

from typing import Literal

from mlplatform.fast.record import record


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
