"""The shared high-throughput file system of the training cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster
from mlplatform.components.contract import contract
from mlplatform.components.file_system_problems import CREATED
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.file_system import SharedFileSystemSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@record(kw_only=True)
class FileSystemParts:
    """One file system."""

    address: Mapping[str, pulumi.Output[str]]
    """What the cloud's driver needs to find it, by name; the layer's stack reads it."""

    capacity_gib: int
    """The capacity that it has, GiB."""


@contract("training.file_system")
class BuildsFileSystem(Protocol):
    """Makes a Lustre file system that the cluster's nodes reach."""

    def __call__(self, scope: Scope, spec: SharedFileSystemSpec, cluster: Cluster, /) -> FileSystemParts: ...


class SharedFileSystem(Component):
    """A Lustre file system in one zone, for all nodes of the cluster."""

    capability = "training"

    def __init__(
        self,
        name: str,
        spec: SharedFileSystemSpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        cluster: Cluster,
    ) -> None:
        super().__init__(name, context, opts)
        self.spec = spec
        self.parts = context.backend.load(BuildsFileSystem)(self.scope, spec, cluster)
        self.address = self.parts.address
        taken = self.parts.capacity_gib
        if taken != spec.capacity_gib:
            self.scope.note(f"{CREATED}.capacity_gib", f"the next size that the service has is taken, {taken} GiB")
        self.scope.note(
            CREATED,
            "it has one copy of each file, in one zone, and no backups: copy what must outlive it into the artifact "
            "store",
        )
        self.register_outputs({"address": dict(self.address)})
