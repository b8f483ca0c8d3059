"""Alert rules and dashboards of the whole platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster
from mlplatform.components.contract import contract
from mlplatform.components.node_pool import CpuNodePool, GpuNodePool
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import MonitoringSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@dataclass(frozen=True, kw_only=True)
class Watched:
    """The components that the platform-wide rules watch."""

    store: ArtifactStore
    """The artifact store."""

    cluster: Cluster | None
    """The training cluster, where there is one."""

    pools: tuple[GpuNodePool, ...]
    """Its GPU pools."""

    cpu_pools: tuple[CpuNodePool, ...] = ()
    """Its CPU pools, without the system pool."""


@dataclass(frozen=True, kw_only=True)
class MonitoringParts:
    """The dashboards."""

    dashboards: Mapping[str, pulumi.Output[str]] = field(default_factory=dict[str, pulumi.Output[str]])
    """Addresses by dashboard."""


@contract("monitoring.monitoring")
class BuildsMonitoring(Protocol):
    """Makes alert rules and dashboards of the whole platform."""

    def __call__(self, scope: Scope, spec: MonitoringSpec, watched: Watched, /) -> MonitoringParts: ...


class Monitoring(Component):
    """Rules and dashboards for the cluster's GPUs, node pools, the store and quotas."""

    capability = "monitoring"

    def __init__(
        self,
        name: str,
        spec: MonitoringSpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        watched: Watched,
    ) -> None:
        super().__init__(name, context, opts)
        self.parts = context.backend.load(BuildsMonitoring)(self.scope, spec, watched)
        self.dashboards = self.parts.dashboards
        self.register_outputs({"dashboards": dict(self.dashboards)})
