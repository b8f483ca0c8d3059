"""Burn-rate alarms fire in two windows, and never within the budget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from mlplatform import (
    EndpointSpec,
    MonitoringSpec,
    SloSpec,
    WebhookRoute,
)
from mlplatform.plan.model import Step

from ....planned import Planned

Plan = Callable[..., Planned]


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", **changes})


def test_objectives_burn_in_two_windows(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(slo=SloSpec(availability_percent=99.9, latency_ms=200, window_days=30)),))
    fast = plan.one("endpoint-fraud-alarm-slo-critical").inputs
    assert " AND " in str(fast["alarmRule"])
    assert plan.one("endpoint-fraud-alarm-slo-critical-long").inputs["threshold"] == pytest.approx(14.4 * 0.1)
    assert "alarmActions" not in plan.one("endpoint-fraud-alarm-slo-critical-long").inputs


@pytest.mark.parametrize(("percent", "days"), [(99.0, 28), (99.0, 7), (99.9, 1), (50.0, 30)])
def test_late_requests_burn_the_budget_of_the_whole_window(planned: Plan, percent: float, days: int) -> None:
    slo = SloSpec(latency_ms=200, latency_percent=percent, window_days=days)
    plan = planned(endpoints=(endpoint(slo=slo),))
    for role, rate, hours in (("fast-main", 0.02 * days * 24, 1), ("main", 0.05 * days * 24 / 6, 6)):
        alarm = plan.one(f"endpoint-fraud-alarm-slo-latency-{role}").inputs
        assert alarm["threshold"] == pytest.approx(min(max(rate, 1) * (100 - percent), 99.9))
        within, late = (cast("dict[str, Any]", query) for query in cast("list[object]", alarm["metricQueries"]))
        assert (within["metric"]["stat"], within["metric"]["period"]) == ("PR(0:200000)", hours * 3600)
        assert (late["expression"], late["returnData"]) == ("100 - within", True)


@pytest.mark.parametrize(
    ("slo", "least", "most"), [((90.0, 28), 50, 100), ((99.9, 1), 0.1, 0.1), ((99.9, 28), 0.5, 1.4)]
)
def test_every_burn_alarm_can_fire_and_none_fires_within_the_budget(
    planned: Plan, slo: tuple[float, int], least: float, most: float
) -> None:
    plan = planned(endpoints=(endpoint(slo=SloSpec(availability_percent=slo[0], window_days=slo[1])),))
    for severity in ("critical", "warning"):
        alarm = plan.one(f"endpoint-fraud-alarm-slo-{severity}-long").inputs
        assert alarm["comparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert least <= float(alarm["threshold"]) <= most


def test_silent_alarms_reach_no_webhook(planned: Plan) -> None:
    plan = planned(
        endpoints=(endpoint(slo=SloSpec(), replicas=(0, 2)),),
        monitoring=MonitoringSpec(routes=(WebhookRoute(name="hook", url_secret="hook-url"),)),
    )
    topic = plan.one("routes-webhook-hook-critical").inputs["topic"]
    quiet = [
        "wake",
        *(f"slo-{severity}-{window}" for severity in ("critical", "warning") for window in ("long", "short")),
    ]
    for role in quiet:
        assert topic not in _actions(plan.one(f"endpoint-fraud-alarm-{role}")), role
    assert topic in _actions(plan.one("endpoint-fraud-alarm-slo-critical"))


def _actions(alarm: Step) -> list[object]:
    return list(cast("list[object]", alarm.inputs.get("alarmActions") or []))
