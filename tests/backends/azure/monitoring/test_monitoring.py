"""Alarms of the whole platform: GPUs, nodes, the store, quotas."""

from __future__ import annotations

from typing import Any

import pytest

from mlplatform import AlertsSpec, EmailRoute, GpuPoolSpec, MonitoringSpec, RegistrySpec, TrainingSpec
from mlplatform.spec.artifact_store import ArtifactStoreSpec, PlaceSpec, WormSpec

from ....planned import Planned, record_released
from ..conftest import spec


@pytest.fixture(scope="module")
def platform() -> Planned:
    alerts = AlertsSpec(gpu_idle_percent=5, gpu_idle_minutes=45, saturation_percent=85, quota_percent=70)
    pool = GpuPoolSpec(name="vision", accelerator="T4:1", max_nodes=1)
    watched = spec(
        environment="prod",
        training=TrainingSpec(pools=(pool,)),
        registry=RegistrySpec(models=("fraud",)),
        artifact_store=ArtifactStoreSpec(data=PlaceSpec(worm=WormSpec(days=30))),
        monitoring=MonitoringSpec(alerts=alerts, routes=(EmailRoute("oncall@acme.example"),)),
    )
    return Planned(record_released(watched, "azure", resolve=True))


def test_gpus_and_nodes_are_watched_by_prometheus(platform: Planned) -> None:
    group: Any = platform.one("monitoring-cluster-rules").inputs
    rules = {rule["alert"]: rule for rule in group["rules"]}
    assert set(rules) == {"GpuIdle", "GpuError", "NodeNotReady", "PodWithoutNode"}
    assert rules["GpuIdle"]["for"] == "PT45M"
    assert rules["GpuIdle"]["expression"].endswith("< 5")
    # what each rule says is proven by promtool: tests/proofs/prometheus
    (action,) = rules["NodeNotReady"]["actions"]
    assert action["actionGroupId"] == platform.one("routes-critical").id
    assert group["clusterName"] == platform.one("cluster-cluster").inputs["resourceName"]


def test_pools_that_cannot_grow_raise_an_alarm(platform: Planned) -> None:
    rule: Any = platform.one("monitoring-alert-scale-up").inputs
    assert "cluster-autoscaler" in rule["criteria"]["allOf"][0]["query"]
    not_ready: Any = platform.one("monitoring-alert-nodes-not-ready").inputs
    assert not_ready["criteria"]["allOf"][0]["metricName"] == "kube_node_status_condition"


def test_every_account_of_the_store_is_watched(platform: Planned) -> None:
    for name in ("store", "store-data"):
        rule: Any = platform.one(f"monitoring-alert-{name}").inputs
        (criterion,) = rule["criteria"]["allOf"]
        assert (criterion["metricName"], criterion["operator"]) == ("Availability", "LessThan")


def test_quotas_are_read_by_an_identity_that_may_read_and_nothing_else(platform: Planned) -> None:
    rule: Any = platform.one("monitoring-alert-quota").inputs
    (condition,) = rule["criteria"]["allOf"]
    assert condition["threshold"] == 70
    assert "QuotaResources" in condition["query"]
    assert rule["identity"]["userAssignedIdentities"] == [platform.one("monitoring-quota-identity").id]
    assert "monitoring-subscription-quota-reader" in platform.directly_after("monitoring-alert-quota")


def test_a_cluster_has_a_dashboard(platform: Planned) -> None:
    book: Any = platform.one("monitoring-dashboard").inputs
    assert "kube_node_status_allocatable" in book["serializedData"]
