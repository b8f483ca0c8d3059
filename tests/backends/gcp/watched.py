"""A platform with alerts, and questions to its alert policies."""

from __future__ import annotations

from typing import Any

from mlplatform import AlertsSpec, EmailRoute, GpuPoolSpec, MonitoringSpec, PagerDutyRoute, TrainingSpec

from ...planned import Planned

ALERTS = AlertsSpec(
    error_rate_percent=3,
    latency_p99_ms=700,
    saturation_percent=77,
    gpu_idle_percent=5,
    gpu_idle_minutes=45,
    quota_percent=66,
)
MONITORING = MonitoringSpec(
    alerts=ALERTS, routes=(EmailRoute("a@acme.example"), PagerDutyRoute(severities=("critical",)))
)
POOLS = TrainingSpec(pools=(GpuPoolSpec(name="vision", accelerator="L4:1", max_nodes=2),))


def condition(plan: Planned, name: str) -> dict[str, Any]:
    (only,) = plan.one(name).inputs["conditions"]  # type: ignore[misc]
    found: Any = only
    return found["conditionPrometheusQueryLanguage"]


def check_rule(plan: Planned, name: str, words: tuple[str, ...], duration: int, severity: str) -> None:
    """A rule asks with these words, for so many minutes, and alerts the routes of its severity."""
    rule = condition(plan, name)
    for word in words:
        assert word in rule["query"]
    assert rule["duration"] == f"{duration * 60}s"
    assert rule["disableMetricValidation"] is True
    policy = plan.one(name).inputs
    assert policy["severity"] == severity
    mail, pager = (
        plan.one(f"routes-{route}").outputs["name"] for route in ("email-a-acme-example", "pagerduty-pagerduty")
    )
    assert policy["notificationChannels"] == ([mail, pager] if severity == "CRITICAL" else [mail])


def check_log_alert(plan: Planned, name: str, words: tuple[str, ...]) -> None:
    """An alert on log entries that have these words."""
    policy = plan.one(name).inputs
    (only,) = policy["conditions"]  # type: ignore[misc]
    condition: Any = only
    assert all(word in condition["conditionMatchedLog"]["filter"] for word in words)
    strategy: Any = policy["alertStrategy"]
    assert "notificationRateLimit" in strategy, "a log condition is refused without"
