"""Every metric that an alert or a chart names is collected under what the same plan configures, with those labels."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlplatform import MonitoringSpec
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record

from ..planned import ROUTES
from .names import not_collected
from .specs import CLOUDS, plan_of, wide


@pytest.fixture(scope="module", params=CLOUDS)
def cloud(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def plan(cloud: str) -> Plan:
    return plan_of("wide", cloud)


def test_what_is_named_is_collected(plan: Plan, cloud: str) -> None:
    assert not_collected(plan, cloud) == []


def test_a_metric_of_a_source_that_is_not_configured_is_found(plan: Plan, cloud: str) -> None:
    source = {"aws": "eks/addon:Addon", "gcp": "container/cluster:Cluster", "azure": "containerservice:ManagedCluster"}
    steps = tuple(step for step in plan.steps if source[cloud] not in step.type)
    assert any("does not configure" in fault for fault in not_collected(replace(plan, steps=steps), cloud))


def test_without_managed_prometheus_nothing_names_its_metrics(cloud: str) -> None:
    spec = wide().overlay(monitoring=MonitoringSpec(routes=ROUTES, prometheus=False, grafana=False))
    assert not_collected(record(spec, cloud, resolve=True), cloud) == []
