"""The routes of alerts, by severity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.keys import Keys
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import SEVERITIES, MonitoringSpec, Severity

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@dataclass(frozen=True, kw_only=True)
class RoutesParts:
    """Receivers of alerts."""

    targets: Mapping[Severity, tuple[pulumi.Output[str], ...]]
    """Receivers of each severity (topic ARNs, channel names, action group ids)."""

    ready: tuple[pulumi.Resource, ...] = field(default=())
    """Resources that must exist before an alert refers to the targets."""


@contract("monitoring.routes")
class BuildsRoutes(Protocol):
    """Makes the receivers of alerts."""

    def __call__(self, scope: Scope, spec: MonitoringSpec, keys: Keys, /) -> RoutesParts: ...


class AlertRoutes(Component):
    """The people and systems that receive alerts."""

    capability = "monitoring"

    def __init__(
        self, name: str, spec: MonitoringSpec, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, context, opts)
        self.parts = context.backend.load(BuildsRoutes)(self.scope, spec, context.keys)
        told = {severity for route in spec.routes for severity in route.severities}
        silent = [severity for severity in SEVERITIES if severity not in told]
        if silent and context.defaults.protected:
            self.scope.note(
                "monitoring.routes",
                f"nobody is told of {' and '.join(silent)} alerts of {context.spec.environment}: name a route for "
                'them, for example EmailRoute("oncall@example.com")',
            )
        self.register_outputs({})
