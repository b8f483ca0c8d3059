"""Limits of alert routes on Azure, and problems of them. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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


MOST_RECEIVERS: Mapping[str, int] = {"email": 1_000, "Slack": 10, "webhook or PagerDuty": 10}
"""Receivers of an action group by kind; Slack's are Logic Apps, and PagerDuty's are webhooks,
https://learn.microsoft.com/azure/azure-monitor/service-limits#action-groups (2026-11-30)"""


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Receivers of one action group that have the same name, or are too many."""
    del target
    for severity in SEVERITIES:
        names: set[str] = set()
        kinds: dict[str, int] = {}
        for index, route in enumerate(spec.monitoring.routes):
            if severity not in route.severities:
                continue
            match route:
                case EmailRoute():
                    name, kind = route.address, "email"
                case SlackRoute():
                    name, kind = route.channel, "Slack"
                case WebhookRoute() | PagerDutyRoute():
                    name, kind = route.name, "webhook or PagerDuty"
            kinds[kind] = kinds.get(kind, 0) + 1
            if name in names:
                yield backend.refuse(
                    f"monitoring.routes[{index}]",
                    name,
                    f"receivers of {severity} alerts with different names",
                    "rename the route, or remove it",
                )
            names.add(name)
        for kind, count in kinds.items():
            if count > MOST_RECEIVERS[kind]:
                yield backend.refuse(
                    "monitoring.routes",
                    f"{count} {kind} routes for {severity} alerts",
                    f"at most {MOST_RECEIVERS[kind]}, the most of an action group",
                    "let one of them hand the alerts on, or give it other severities",
                )
