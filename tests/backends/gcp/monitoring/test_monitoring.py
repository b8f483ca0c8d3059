"""Alert rules, objectives and dashboards."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlplatform import (
    AlertsSpec,
    EmailRoute,
    EndpointSpec,
    GpuPoolSpec,
    MonitoringSpec,
    PagerDutyRoute,
    SloSpec,
    TrainingSpec,
    VariantSpec,
)

from ....planned import Planned

Plan = Callable[..., Planned]

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


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", **changes})


@pytest.fixture(scope="module")
def plan(planned: Plan) -> Planned:
    slo = SloSpec(availability_percent=99.9, latency_ms=200, latency_percent=95, window_days=7)
    return planned(endpoints=(endpoint(slo=slo),), monitoring=MONITORING, training=POOLS)


def condition(plan: Planned, name: str) -> dict[str, Any]:
    (only,) = plan.one(name).inputs["conditions"]  # type: ignore[misc]
    found: Any = only
    return found["conditionPrometheusQueryLanguage"]


@pytest.mark.parametrize(
    ("name", "words", "duration", "severity"),
    [
        ("endpoint-fraud-alert-error-rate", ('service_name=~"acme-ml-dev-fraud"', "> 3", "5..|429"), 0, "CRITICAL"),
        ("endpoint-fraud-alert-latency-p99", ("histogram_quantile(0.99", "> 700"), 0, "WARNING"),
        ("endpoint-fraud-alert-saturation", ("container_cpu", "container_memory", "> 77"), 15, "WARNING"),
        ("endpoint-fraud-alert-replicas-at-bound", ("container_instance_count", ">= 4"), 15, "WARNING"),
        ("monitoring-alert-gpu-idle", ("DCGM_FI_DEV_GPU_UTIL", "< 5"), 45, "WARNING"),
        ("monitoring-alert-gpu-hot", ("DCGM_FI_DEV_GPU_UTIL", "> 77"), 60, "WARNING"),
        ("monitoring-alert-nodes-not-ready", ("node_status_condition", '"Ready"'), 10, "CRITICAL"),
        ("monitoring-alert-node-memory", ("memory_allocatable_utilization", "> 77"), 15, "WARNING"),
        ("monitoring-alert-storage-errors", ("api_request_count", "acme-ml-dev-models"), 10, "WARNING"),
        ("monitoring-alert-quota-near", ("quota_allocation_usage", "> 66", "us-central1"), 10, "WARNING"),
        ("monitoring-alert-quota-exceeded", ("quota_exceeded",), 0, "WARNING"),
    ],
)
def test_rules(plan: Planned, name: str, words: tuple[str, ...], duration: int, severity: str) -> None:
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


def test_every_query_has_balanced_brackets(plan: Planned) -> None:
    seen = 0
    for policy in plan.all("AlertPolicy"):
        for one in policy.inputs["conditions"]:  # type: ignore[union-attr]
            query = one.get("conditionPrometheusQueryLanguage", {}).get("query", "")  # type: ignore[union-attr]
            for left, right in ("()", "{}", "[]"):
                assert query.count(left) == query.count(right), query
            seen += bool(query)
    assert seen >= 11


def test_a_rollout_taken_back_and_a_pool_that_cannot_grow_are_told(plan: Planned) -> None:
    for name, words in (
        ("models-rollback-alert", ('workflow_id="acme-ml-dev-rollout"', "severity>=ERROR")),
        ("monitoring-alert-scale-up", ("cluster-autoscaler-visibility", 'cluster_name="acme-ml-dev"')),
    ):
        policy = plan.one(name).inputs
        (one,) = policy["conditions"]  # type: ignore[misc]
        found: Any = one
        assert all(word in found["conditionMatchedLog"]["filter"] for word in words)
        strategy: Any = policy["alertStrategy"]
        assert "notificationRateLimit" in strategy, "a log condition is refused without"


def test_objectives_and_their_burn_rates(plan: Planned) -> None:
    availability, latency = (plan.one(f"endpoint-fraud-slo-{name}") for name in ("availability", "latency"))
    assert (availability.inputs["goal"], latency.inputs["goal"]) == (0.999, 0.95)
    assert availability.inputs["rollingPeriodDays"] == 7
    cut: Any = latency.inputs["requestBasedSli"]
    assert cut["distributionCut"]["range"] == {"max": 200.0}
    for role, objective in (("availability", availability), ("latency", latency)):
        for speed, rate, windows in (("fast", 14.4, ("3600s", "300s")), ("slow", 6.0, ("21600s", "1800s"))):
            policy = plan.one(f"endpoint-fraud-slo-{role}-{speed}").inputs
            assert policy["combiner"] == "AND"
            thresholds: Any = [one["conditionThreshold"] for one in policy["conditions"]]  # type: ignore[index,union-attr,call-overload]
            assert {one["thresholdValue"] for one in thresholds} == {rate}
            assert [one["filter"] for one in thresholds] == [
                f'select_slo_burn_rate("{objective.outputs["name"]}", "{window}")' for window in windows
            ]


def test_without_an_objective_there_is_none(planned: Plan) -> None:
    assert not planned(endpoints=(endpoint(),)).all("Slo")


def test_quotas_are_compared_as_they_are_written(plan: Planned) -> None:
    near, exceeded = (
        str(plan.one(f"monitoring-alert-quota-{role}").inputs["conditions"]) for role in ("near", "exceeded")
    )
    # usage has no limit_name, so a comparison by it never finds a pair; it is written once a day
    assert "limit_name" not in near
    assert near.count("[1d]") == near.count("by (quota_metric, location)") == 2
    assert "max_over_time" in exceeded
    assert "increase" not in exceeded


def test_a_dashboard_is_as_the_server_answers(plan: Planned) -> None:
    for made in plan.all("Dashboard"):
        tiles = json.loads(str(made.inputs["dashboardJson"]))["mosaicLayout"]["tiles"]
        assert all(tile.get("xPos") != 0 and tile.get("yPos") != 0 for tile in tiles)
        places = [(tile.get("xPos", 0), tile.get("yPos", 0)) for tile in tiles]
        assert len(set(places)) == len(places)


def test_dashboards_and_their_addresses(plan: Planned, planned: Plan) -> None:
    charts = json.loads(str(plan.one("endpoint-fraud-dashboard").inputs["dashboardJson"]))
    assert charts["displayName"] == "acme-ml-dev-endpoint-fraud"
    places = [(tile.get("xPos", 0), tile.get("yPos", 0)) for tile in charts["mosaicLayout"]["tiles"]]
    assert len(set(places)) == len(places)
    assert "GPU" not in json.dumps(charts)
    shown: Any = plan.plan.outputs["dashboards"]
    assert shown["gpus"].startswith("https://console.cloud.google.com/monitoring/dashboards/builder/")
    assert shown["gpus"].endswith("?project=acme-ml-prod")
    off = planned(endpoints=(endpoint(),), monitoring=MonitoringSpec(dashboards=False), training=POOLS)
    assert not off.all("Dashboard")


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


def test_without_a_cluster_there_is_nothing_to_say_of_it(least: Planned) -> None:
    assert {policy.name for policy in least.all("AlertPolicy")} == {
        f"acme-ml-monitoring-alert-{role}"
        for role in ("storage-errors", "storage-denied", "quota-near", "quota-exceeded")
    }


def test_without_managed_prometheus_gpus_are_seen_through_their_pods(planned: Plan) -> None:
    plan = planned(monitoring=MonitoringSpec(prometheus=False), training=POOLS)
    assert "container_accelerator_duty_cycle" in condition(plan, "monitoring-alert-gpu-idle")["query"]
