"""What a cloud says about the volumes of its cluster: contracts of `backends/<cloud>/cluster/`. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.objects.storage import CsiSource, StorageClass
from mlplatform.components.contract import contract
from mlplatform.fast.record import record
from mlplatform.spec.mounts import MountSpec
from mlplatform.spec.platform import PlatformSpec


@contract("cluster.storage")
class DescribesStorage(Protocol):
    """Gives the storage classes, the default one first, whose volumes are encrypted with the platform's key."""

    def __call__(self, layer: LayerContext, /) -> tuple[StorageClass, ...]: ...


@record(kw_only=True)
class PlaceVolume:
    """How this cloud mounts a place of the store."""

    source: CsiSource
    """The driver, and how it finds the place."""

    options: tuple[str, ...]
    """Options of the mount."""

    place: str
    """Its address, as far as the spec knows it: at another one it is another volume."""

    pod_annotations: Mapping[str, str] | None = None
    """Annotations without which the driver does not serve a pod."""


@record(kw_only=True)
class SharedVolume:
    """How this cloud mounts the shared file system, which the target names or the platform makes."""

    source: CsiSource
    """The driver, and how it finds the file system."""

    options: tuple[str, ...]
    """Options of the mount."""

    owner: str = ""
    """What its owner must provide; empty where the platform makes it."""

    gpu_nodes_only: bool = False
    """Whether nodes without devices cannot mount it."""


@contract("cluster.file_system")
class MountsFileSystem(Protocol):
    """Says how the shared file system is mounted in a namespace; None where there is none."""

    def __call__(self, spec: PlatformSpec, namespace: str, /) -> SharedVolume | None: ...


@contract("cluster.mounts")
class MountsPlace(Protocol):
    """Says how a place of the store becomes a folder.

    The namespace's own identity opens it: another one has no way to it, whatever the pod asks for.

    Args:
        spec: the narrowed spec.
        mount: the place and its cache.
        namespace: the namespace of the pods.
        writable: whether its jobs may write there.
        folder: the folder of the place that they see. None: all of it.
    """

    def __call__(
        self, spec: PlatformSpec, mount: MountSpec, namespace: str, /, *, writable: bool, folder: str | None
    ) -> PlaceVolume: ...
