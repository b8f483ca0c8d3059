"""Alert rules and dashboards of the whole platform, and the budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import pulumi

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster, GpuNodePool
from mlplatform.components.context import Context, Scope
from mlplatform.spec.budget import BudgetSpec
from mlplatform.spec.monitoring import MonitoringSpec


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What the platform-wide rules look at."""

    store: ArtifactStore
    """The artifact store."""

    cluster: Cluster | None
    """The training cluster, where there is one."""

    pools: tuple[GpuNodePool, ...]
    """Its GPU pools."""


@dataclass(frozen=True, kw_only=True)
class MonitoringParts:
    """What a backend returns."""

    dashboards: Mapping[str, pulumi.Output[str]] = field(default_factory=dict[str, pulumi.Output[str]])
    """Addresses by dashboard."""


class Monitoring(Component):
    """Rules and dashboards for the cluster's GPUs, node pools, the store and quotas."""

    capability = "monitoring"

    def __init__(
        self,
        name: str,
        spec: MonitoringSpec,
        watched: Watched,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, context, opts)
        build = cast(
            "Callable[[Scope, MonitoringSpec, Watched], MonitoringParts]", context.backend.load("monitoring.monitoring")
        )
        self.parts = build(self.scope, spec, watched)
        self.dashboards = self.parts.dashboards
        self.register_outputs({"dashboards": dict(self.dashboards)})


class Budget(Component):
    """A monthly budget that tells people when thresholds are passed."""

    capability = "budget"

    def __init__(
        self, name: str, spec: BudgetSpec, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, context, opts)
        build = cast("Callable[[Scope, BudgetSpec], None]", context.backend.load("budget.budget"))
        build(self.scope, spec)
        self.register_outputs({})
