"""Objectives of an endpoint and their burn rates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
        for speed, rate, windows in (("fast", 14.4, ("3600s", "300s")), ("slow", 6.0, ("21600s", "1800s"))):
            policy = watched.one(f"endpoint-fraud-slo-{role}-{speed}").inputs
            assert policy["combiner"] == "AND"
            thresholds: Any = [one["conditionThreshold"] for one in policy["conditions"]]  # type: ignore[index,union-attr,call-overload]
            assert {one["thresholdValue"] for one in thresholds} == {rate}
            assert [one["filter"] for one in thresholds] == [
                f'select_slo_burn_rate("{objective.outputs["name"]}", "{window}")' for window in windows
            ]


def test_without_an_objective_there_is_none(planned: Plan) -> None:
    assert not planned(endpoints=(endpoint(),)).all("Slo")
