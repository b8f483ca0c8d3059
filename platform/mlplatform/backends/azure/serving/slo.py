"""Objectives of a managed endpoint: alarms when it uses up its allowed errors too fast."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.backends.azure.monitoring import alarms
from mlplatform.backends.azure.serving.alarms import FAILED_REQUEST, LATE_MINUTES, live_requests
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec, SloSpec
from mlplatform.spec.slo import BurnRate, burn_rates

_EVERY: Mapping[str, str] = {"fast": "PT5M", "slow": "PT15M"}
"""Time between evaluations, by the name of the burn rate."""


def watch_objectives(scope: Scope, spec: EndpointSpec, slo: SloSpec, endpoint: str) -> None:
    """Make the alarms on availability, and on latency where it has an objective."""
    goals = {"availability": (slo.availability_percent, FAILED_REQUEST)}
    if slo.latency_ms:
        goals["latency"] = (slo.latency_percent, f"TotalDurationMs > {slo.latency_ms}")
    for goal, (percent, bad) in goals.items():
        for burn in burn_rates(slo.window_days):
            alarms.log_alarm(
                scope,
                f"slo-{goal}-{burn.name}",
                severity=burn.severity,
                description=f"{spec.name} spends its {goal} budget ({percent:g} % in {slo.window_days} days) "
                f"{burn.rate:.1f} times too fast",
                kql=_query(live_requests(endpoint, spec), bad, burn),
                column="Percent",
                # the share of bad requests cannot exceed 100 %
                above=round(burn.bad_percent(percent, most=99.9), 4),
                window=f"PT{burn.long_seconds // 3600}H",
                every=_EVERY[burn.name],
            )


def _query(live: str, bad: str, burn: BurnRate) -> str:
    recent = f"TimeGenerated > ago({burn.short_seconds // 60 + LATE_MINUTES}m)"
    return (
        f"{live}\n"
        f"| summarize Total = count(), Long = 100.0 * countif({bad}) / count(),\n"
        f"    Short = 100.0 * countif({recent} and {bad}) / max_of(countif({recent}), 1)\n"
        "| where Total > 0\n"
        "| project Percent = min_of(Long, Short)"
    )
