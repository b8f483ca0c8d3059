"""Objectives of an endpoint and their burn rates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlplatform import SloSpec

from ....planned import Planned
from ..served import endpoint

Plan = Callable[..., Planned]


def test_objectives_and_their_burn_rates(watched: Planned) -> None:
    availability, latency = (watched.one(f"endpoint-fraud-slo-{name}") for name in ("availability", "latency"))
    assert (availability.inputs["goal"], latency.inputs["goal"]) == (0.999, 0.95)
    assert availability.inputs["rollingPeriodDays"] == 7
    cut: Any = latency.inputs["requestBasedSli"]
    assert cut["distributionCut"]["range"] == {"max": 200.0}
    for role, objective in (("availability", availability), ("latency", latency)):
        # the objective's window is 7 days: 2 % of its errors in an hour, 5 % in six hours
        for speed, rate, windows in (("fast", 3.36, ("3600s", "300s")), ("slow", 1.4, ("21600s", "1800s"))):
            policy = watched.one(f"endpoint-fraud-slo-{role}-{speed}").inputs
            assert policy["combiner"] == "AND"
            thresholds: Any = [one["conditionThreshold"] for one in policy["conditions"]]  # type: ignore[index,union-attr,call-overload]
            assert {one["thresholdValue"] for one in thresholds} == {rate}
            assert [one["filter"] for one in thresholds] == [
                f'select_slo_burn_rate("{objective.outputs["name"]}", "{window}")' for window in windows
            ]


@pytest.mark.parametrize(("percent", "days"), [(90.0, 30), (99.9, 1), (99.9, 28)])
def test_every_alert_can_fire_and_none_fires_within_the_budget(planned: Plan, percent: float, days: int) -> None:
    slo = SloSpec(availability_percent=percent, latency_ms=200, latency_percent=percent, window_days=days)
    plan = planned(endpoints=(endpoint(slo=slo),))
    alerts = [step for step in plan.all("AlertPolicy") if "-slo-" in step.name]
    assert len(alerts) == 4
    for alert in alerts:
        conditions: Any = alert.inputs["conditions"]
        for condition in conditions:
            rate = condition["conditionThreshold"]["thresholdValue"]
            assert 1 <= rate < 100 / (100 - percent)


def test_without_an_objective_there_is_none(planned: Plan) -> None:
    assert not planned(endpoints=(endpoint(),)).all("Slo")
