"""Limits of alerts and their routes on GCP. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.naming import slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.limits import refuse_nothing
from mlplatform.spec.monitoring import SEVERITIES, Route
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

MAX_CHANNELS = 16
"""Channels of one alert, https://docs.cloud.google.com/monitoring/quotas#alerting_uptime_limits"""

MAX_ALERT_MINUTES = 1410
"""Longest duration of a condition, https://docs.cloud.google.com/monitoring/quotas#alerting_uptime_limits"""


def _long_idle_times(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    minutes = spec.monitoring.alerts.gpu_idle_minutes
    if minutes > MAX_ALERT_MINUTES:
        yield "monitoring.alerts.gpu_idle_minutes", str(minutes)


LIMITS = (
    *(
        Limit(
            field=f"monitoring.routes.{field}",
            support="partial",
            reason="Cloud Monitoring finds the Slack channel by its name and the workspace by the token",
            alternative="keep channel and token_secret correct; other clouds use the id",
            violations=refuse_nothing,
        )
        for field in ("channel_id", "team_id")
    ),
    Limit(
        field="monitoring.alerts.gpu_idle_minutes",
        support="partial",
        reason=f"the condition of an alert can last at most {MAX_ALERT_MINUTES} minutes",
        alternative=f"lower it to {MAX_ALERT_MINUTES}",
        violations=_long_idle_times,
    ),
)
"""Fields of monitoring that GCP honours only in part."""


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Routes that occur twice, and more routes than one alert can have."""
    seen: set[str] = set()
    for index, route in enumerate(spec.monitoring.routes):
        name = _channel_name(route)
        if name in seen:
            yield backend.refuse(
                f"monitoring.routes[{index}]",
                name,
                "each address, channel or name once",
                "merge the routes into one that lists all their severities",
            )
        seen.add(name)
    for severity in SEVERITIES:
        count = sum(severity in route.severities for route in spec.monitoring.routes)
        if count > MAX_CHANNELS:
            yield backend.refuse(
                "monitoring.routes",
                f"{count} routes for {severity} alerts",
                f"at most {MAX_CHANNELS}, the most channels of one alert",
                "put people into a mailing group, or give some routes fewer severities",
            )


def _channel_name(route: Route) -> str:
    match route.kind:
        case "email":
            return f"email-{slug(route.address)}"
        case "slack":
            return f"slack-{slug(route.channel)}"
        case _:
            return f"{route.kind}-{route.name}"
