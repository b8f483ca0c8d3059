"""Where logs and metrics go: log store, managed Prometheus, managed Grafana."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.context import Context, Scope
from mlplatform.components.keys import Keys
from mlplatform.spec.monitoring import MonitoringSpec


@dataclass(frozen=True, kw_only=True)
class TelemetryParts:
    """What a backend returns."""

    prometheus_url: pulumi.Output[str] | None = None
    """Query address of the managed Prometheus; None where it was not asked for."""

    grafana_url: pulumi.Output[str] | None = None
    """Address of the managed Grafana; None where it was not asked for."""


class Telemetry(Component):
    """The platform's log store and metric stores."""

    capability = "monitoring"

    def __init__(
        self, name: str, spec: MonitoringSpec, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, context, opts)
        build = cast(
            "Callable[[Scope, MonitoringSpec, Keys], TelemetryParts]", context.backend.load("telemetry.telemetry")
        )
        self.parts = build(self.scope, spec, context.keys)
        self.register_outputs({"prometheusUrl": self.parts.prometheus_url, "grafanaUrl": self.parts.grafana_url})
