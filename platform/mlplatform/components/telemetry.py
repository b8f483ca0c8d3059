"""The stores of logs and metrics: log store, managed Prometheus, managed Grafana."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.keys import Keys
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import MonitoringSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@dataclass(frozen=True, kw_only=True)
class TelemetryParts:
    """Addresses of the stores."""

    prometheus_url: pulumi.Output[str] | None = None
    """Query address of the managed Prometheus; None where the spec does not want it."""

    grafana_url: pulumi.Output[str] | None = None
    """Address of the managed Grafana; None where the spec does not want it."""


@contract("telemetry.telemetry")
class BuildsTelemetry(Protocol):
    """Makes the stores of logs and metrics."""

    def __call__(self, scope: Scope, spec: MonitoringSpec, keys: Keys, /) -> TelemetryParts: ...


class Telemetry(Component):
    """The platform's log store and metric stores."""

    capability = "monitoring"

    def __init__(
        self, name: str, spec: MonitoringSpec, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, context, opts)
        self.parts = context.backend.load(BuildsTelemetry)(self.scope, spec, context.keys)
        self.register_outputs({"prometheusUrl": self.parts.prometheus_url, "grafanaUrl": self.parts.grafana_url})
