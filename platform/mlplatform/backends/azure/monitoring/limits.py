"""Limits of alert routes on Azure, and problems of them. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.limits import refuse_nothing
from mlplatform.spec.monitoring import SEVERITIES, EmailRoute, PagerDutyRoute, SlackRoute, WebhookRoute
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = (
    Limit(
        field="monitoring.alerts.gpu_idle_percent",
        support="partial",
        reason="AKS exports no use of GPUs without an exporter in the cluster: without `cluster`, the alert counts the "
        "GPUs of a node that running pods hold, not how busy they are",
        alternative="add `cluster`: its exporter tells how busy they are, and a second alert reads it",
        violations=refuse_nothing,
    ),
    Limit(
        field="monitoring.routes.team_id",
        support="partial",
        reason="a bot token belongs to one Slack workspace, so the token alone selects it",
        alternative="store the token of the right workspace under monitoring.routes.token_secret",
        violations=refuse_nothing,
    ),
)


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Receivers of one action group that have the same name."""
    for severity in SEVERITIES:
        names: set[str] = set()
        for index, route in enumerate(spec.monitoring.routes):
            if severity not in route.severities:
                continue
            match route:
                case EmailRoute():
                    name = route.address
                case SlackRoute():
                    name = route.channel
                case WebhookRoute() | PagerDutyRoute():
                    name = route.name
            if name in names:
                yield backend.refuse(
                    f"monitoring.routes[{index}]",
                    name,
                    f"receivers of {severity} alerts with different names",
                    "rename the route, or remove it",
                )
            names.add(name)
