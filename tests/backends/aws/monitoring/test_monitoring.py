"""Rules of the whole platform: GPUs, pools, the store, quotas and rollbacks."""

from __future__ import annotations

import json
from collections.abc import Callable

from mlplatform import (
    EndpointSpec,
    GpuPoolSpec,
    MonitoringSpec,
    TrainingSpec,
)

from ....planned import Planned

Plan = Callable[..., Planned]


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", **changes})


def test_platform_rules_watch_gpus_pools_store_and_quotas(planned: Plan) -> None:
    training = TrainingSpec.model_validate({"pools": [{"name": "vision", "accelerator": "L4:1", "max_nodes": 4}]})
    plan = planned(training=training, monitoring=MonitoringSpec.model_validate({"alerts": {"gpu_idle_minutes": 30}}))
    assert plan.one("monitoring-alarm-gpu-idle").inputs["evaluationPeriods"] == 6
    assert plan.has("monitoring-alarm-pool-vision")
    assert plan.has("monitoring-alarm-store-data")
    assert plan.has("monitoring-alarm-quota-g-ondemand")
    assert "EC2 Instance Launch Unsuccessful" in str(plan.one("monitoring-launch-failures").inputs["eventPattern"])
    widgets = json.loads(str(plan.one("monitoring-dashboard-cluster").inputs["dashboardBody"]))["widgets"]
    assert all(widget["properties"]["region"] == "us-east-1" for widget in widgets)


def test_quotas_are_those_of_the_machines_families(planned: Plan) -> None:
    pools = (
        GpuPoolSpec(name="neuron", accelerator="Trainium1:1", max_nodes=1),
        GpuPoolSpec(name="spot", accelerator="L4:1", max_nodes=1, capacity="spot"),
    )
    plan = planned(training=TrainingSpec(pools=pools))
    assert plan.has("monitoring-alarm-quota-trn-ondemand")
    assert plan.has("monitoring-alarm-quota-g-spot")
    assert not plan.has("monitoring-alarm-quota-g-ondemand")


def test_a_rollback_is_reported(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    pattern = json.loads(str(plan.one("monitoring-rollbacks").inputs["eventPattern"]))
    assert pattern["detail"]["EndpointName"] == [{"prefix": "acme-ml-dev-"}]
    assert plan.one("monitoring-rollbacks-topic").inputs["arn"] == plan.one("routes-critical").outputs["arn"]
    assert not planned().has("monitoring-rollbacks")


def test_more_groups_or_nodes_than_aws_gives_are_noted(planned: Callable[..., Planned]) -> None:
    many = TrainingSpec(pools=tuple(GpuPoolSpec(name=f"p{n}", accelerator="L4:1", max_nodes=2) for n in range(15)))
    assert "31 node groups" in planned(training=many).notes()
    large = TrainingSpec(pools=(GpuPoolSpec(name="large", accelerator="L4:1", max_nodes=901),))
    assert "451 nodes in a group" in planned(training=large).notes()
    fitting = planned(training=TrainingSpec(pools=(GpuPoolSpec(name="p", accelerator="L4:1", max_nodes=900),)))
    assert "ask AWS for more" not in fitting.notes()
