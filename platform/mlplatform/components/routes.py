"""Where alerts go, by severity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.context import Context, Scope
from mlplatform.components.keys import Keys
from mlplatform.spec.monitoring import MonitoringSpec, Severity


@dataclass(frozen=True, kw_only=True)
class RoutesParts:
    """What a backend returns."""

    targets: Mapping[Severity, tuple[pulumi.Output[str], ...]]
    """What an alert of each severity is sent to (topic ARNs, channel names, action group ids)."""

    ready: tuple[pulumi.Resource, ...] = field(default=())
    """Resources that must exist before an alert refers to the targets."""


class AlertRoutes(Component):
    """The people and systems that are told."""

    capability = "monitoring"

    def __init__(
        self, name: str, spec: MonitoringSpec, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, context, opts)
        build = cast("Callable[[Scope, MonitoringSpec, Keys], RoutesParts]", context.backend.load("monitoring.routes"))
        self.parts = build(self.scope, spec, context.keys)
        self.register_outputs({})
