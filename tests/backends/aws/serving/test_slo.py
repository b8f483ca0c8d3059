"""Burn-rate alarms fire in two windows, and never within the budget."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from mlplatform import (
    EndpointSpec,
    MonitoringSpec,
    SloSpec,
    WebhookRoute,
)

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
    assert plan.one("endpoint-fraud-alarm-slo-latency-main").inputs["threshold"] == 200_000


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
    pattern = json.loads(str(plan.one("routes-webhook-hook-rule").inputs["eventPattern"]))
    posted = tuple(rule["prefix"] for rule in pattern["detail"]["alarmName"])
    quiet = [
        "wake",
        *(f"slo-{severity}-{window}" for severity in ("critical", "warning") for window in ("long", "short")),
    ]
    for role in quiet:
        assert not str(plan.one(f"endpoint-fraud-alarm-{role}").inputs["name"]).startswith(posted), role
    assert str(plan.one("endpoint-fraud-alarm-slo-critical").inputs["alarmName"]).startswith(posted)
