"""Alert rules, objectives and dashboard of an endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlplatform import EndpointSpec, VariantSpec

from ....planned import Planned
from ..served import endpoint
from ..watched import check_log_alert, check_rule, condition

Plan = Callable[..., Planned]


@pytest.mark.parametrize(
    ("name", "words", "duration", "severity"),
    [
        ("endpoint-fraud-alert-error-rate", ('service_name=~"acme-ml-dev-fraud"', "> 3", "5..|429"), 0, "CRITICAL"),
        ("endpoint-fraud-alert-latency-p99", ("histogram_quantile(0.99", "> 700"), 0, "WARNING"),
        ("endpoint-fraud-alert-saturation", ("container_cpu", "container_memory", "> 77"), 15, "WARNING"),
        ("endpoint-fraud-alert-replicas-at-bound", ("container_instance_count", ">= 4"), 15, "WARNING"),
    ],
)
def test_rules(watched: Planned, name: str, words: tuple[str, ...], duration: int, severity: str) -> None:
    check_rule(watched, name, words, duration, severity)


def test_a_rollout_that_is_rolled_back_raises_an_alert(watched: Planned) -> None:
    words = ('workflow_id="acme-ml-dev-rollout"', "severity>=ERROR")
    check_log_alert(watched, "models-rollback-alert", words)


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


def test_the_dashboard_shows_what_the_endpoint_has(watched: Planned) -> None:
    charts = json.loads(str(watched.one("endpoint-fraud-dashboard").inputs["dashboardJson"]))
    assert charts["displayName"] == "acme-ml-dev-endpoint-fraud"
    places = [(tile.get("xPos", 0), tile.get("yPos", 0)) for tile in charts["mosaicLayout"]["tiles"]]
    assert len(set(places)) == len(places)
    assert "GPU" not in json.dumps(charts)


def test_a_gpu_endpoint_is_watched_for_its_gpu(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(server="vllm", accelerator="L4"),))
    assert "container_gpu_utilizations" in condition(plan, "endpoint-fraud-alert-saturation")["query"]
    assert "GPU" in str(plan.one("endpoint-fraud-dashboard").inputs["dashboardJson"])


def test_a_router_is_watched_for_callers_and_its_models_for_use(planned: Plan) -> None:
    halves = tuple(VariantSpec(name=name, model=f"fraud/{name}", traffic_percent=50) for name in ("a", "b"))
    plan = planned(endpoints=(EndpointSpec(name="fraud", variants=halves),))
    assert 'service_name=~"acme-ml-dev-fraud"' in condition(plan, "endpoint-fraud-alert-error-rate")["query"]
    models = 'service_name=~"acme-ml-dev-fraud-a|acme-ml-dev-fraud-b"'
    assert models in condition(plan, "endpoint-fraud-alert-saturation")["query"]
