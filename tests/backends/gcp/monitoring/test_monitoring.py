"""Alert rules and dashboards of the whole platform."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlplatform import MonitoringSpec

from ....planned import Planned
from ..served import endpoint
from ..watched import POOLS, check_log_alert, check_rule, condition

Plan = Callable[..., Planned]


@pytest.mark.parametrize(
    ("name", "words", "duration", "severity"),
    [
        ("monitoring-alert-gpu-idle", ("DCGM_FI_DEV_GPU_UTIL", "< 5"), 45, "WARNING"),
        ("monitoring-alert-gpu-hot", ("DCGM_FI_DEV_GPU_UTIL", "> 77"), 60, "WARNING"),
        ("monitoring-alert-nodes-not-ready", ("node_status_condition", '"Ready"'), 10, "CRITICAL"),
        ("monitoring-alert-node-memory", ("memory_allocatable_utilization", "> 77"), 15, "WARNING"),
        ("monitoring-alert-storage-errors", ("api_request_count", "acme-ml-dev-models"), 10, "WARNING"),
        ("monitoring-alert-quota-near", ("quota_allocation_usage", "> 66", "us-central1"), 10, "WARNING"),
        ("monitoring-alert-quota-exceeded", ("quota_exceeded",), 0, "WARNING"),
    ],
)
def test_rules(watched: Planned, name: str, words: tuple[str, ...], duration: int, severity: str) -> None:
    check_rule(watched, name, words, duration, severity)


def test_every_query_has_balanced_brackets(watched: Planned) -> None:
    seen = 0
    for policy in watched.all("AlertPolicy"):
        for one in policy.inputs["conditions"]:  # type: ignore[union-attr]
            query = one.get("conditionPrometheusQueryLanguage", {}).get("query", "")  # type: ignore[union-attr]
            for left, right in ("()", "{}", "[]"):
                assert query.count(left) == query.count(right), query
            seen += bool(query)
    assert seen >= 11


def test_a_pool_that_cannot_grow_raises_an_alert(watched: Planned) -> None:
    words = ("cluster-autoscaler-visibility", 'cluster_name="acme-ml-dev"')
    check_log_alert(watched, "monitoring-alert-scale-up", words)


def test_quotas_are_compared_as_they_are_written(watched: Planned) -> None:
    near, exceeded = (
        str(watched.one(f"monitoring-alert-quota-{role}").inputs["conditions"]) for role in ("near", "exceeded")
    )
    # usage has no limit_name, so a comparison by it never finds a pair; it is written once a day
    assert "limit_name" not in near
    assert near.count("[1d]") == near.count("by (quota_metric, location)") == 2
    assert "max_over_time" in exceeded
    assert "increase" not in exceeded


def test_a_dashboard_is_as_the_server_answers(watched: Planned) -> None:
    for made in watched.all("Dashboard"):
        tiles = json.loads(str(made.inputs["dashboardJson"]))["mosaicLayout"]["tiles"]
        assert all(tile.get("xPos") != 0 and tile.get("yPos") != 0 for tile in tiles)
        places = [(tile.get("xPos", 0), tile.get("yPos", 0)) for tile in tiles]
        assert len(set(places)) == len(places)


def test_dashboards_have_addresses_and_can_be_turned_off(watched: Planned, planned: Plan) -> None:
    shown: Any = watched.plan.outputs["dashboards"]
    assert shown["gpus"].startswith("https://console.cloud.google.com/monitoring/dashboards/builder/")
    assert shown["gpus"].endswith("?project=acme-ml-prod")
    off = planned(endpoints=(endpoint(),), monitoring=MonitoringSpec(dashboards=False), training=POOLS)
    assert not off.all("Dashboard")


def test_without_a_cluster_there_is_nothing_to_say_of_it(least: Planned) -> None:
    assert {policy.name for policy in least.all("AlertPolicy")} == {
        f"acme-ml-monitoring-alert-{role}"
        for role in ("storage-errors", "storage-denied", "quota-near", "quota-exceeded")
    }


def test_without_managed_prometheus_gpus_are_seen_through_their_pods(planned: Plan) -> None:
    plan = planned(monitoring=MonitoringSpec(prometheus=False), training=POOLS)
    assert "container_accelerator_duty_cycle" in condition(plan, "monitoring-alert-gpu-idle")["query"]
