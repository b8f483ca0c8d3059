"""Objectives of a managed endpoint: alerts when its error budget burns too fast."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.backends.azure.monitoring import alarms
from mlplatform.backends.azure.serving.alarms import FAILED_REQUEST, LATE_MINUTES, live_requests
from mlplatform.components.context import Scope
from mlplatform.spec.endpoints import EndpointSpec, SloSpec
from mlplatform.spec.monitoring import Severity


@dataclass(frozen=True, slots=True)
class BurnAlarm:
    """How fast is too fast, seen over a long and a short while."""

    name: str
    severity: Severity
    budget_share: float
    long_hours: int
    short_minutes: int
    every: str


BURN_ALARMS = (
    BurnAlarm("fast", "critical", 0.02, 1, 5, "PT5M"),
    BurnAlarm("slow", "warning", 0.05, 6, 30, "PT15M"),
)
"""Share of the budget spent in the long window, https://sre.google/workbook/alerting-on-slos/"""


def watch_objectives(scope: Scope, spec: EndpointSpec, slo: SloSpec, endpoint: str) -> None:
    """Alerts on availability, and on latency where it is promised."""
    goals = {"availability": (slo.availability_percent, FAILED_REQUEST)}
    if slo.latency_ms:
        goals["latency"] = (slo.latency_percent, f"TotalDurationMs > {slo.latency_ms}")
    for goal, (percent, bad) in goals.items():
        for burn in BURN_ALARMS:
            rate = burn.budget_share * slo.window_days * 24 / burn.long_hours
            # no rate can pass all requests being bad
            threshold = min(rate * (100 - percent), 99.9)
            alarms.log_alarm(
                scope,
                f"slo-{goal}-{burn.name}",
                severity=burn.severity,
                description=f"{spec.name} spends its {goal} budget ({percent:g} % in {slo.window_days} days) "
                f"{rate:.1f} times too fast",
                kql=_query(live_requests(endpoint, spec), bad, burn),
                column="Percent",
                above=round(threshold, 4),
                window=f"PT{burn.long_hours}H",
                every=burn.every,
            )


def _query(live: str, bad: str, burn: BurnAlarm) -> str:
    recent = f"TimeGenerated > ago({burn.short_minutes + LATE_MINUTES}m)"
    return (
        f"{live}\n"
        f"| summarize Total = count(), Long = 100.0 * countif({bad}) / count(),\n"
        f"    Short = 100.0 * countif({recent} and {bad}) / max_of(countif({recent}), 1)\n"
        "| where Total > 0\n"
        "| project Percent = min_of(Long, Short)"
    )
