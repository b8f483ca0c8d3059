"""Endpoints that sleep, or wait for their first model, are inference components."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mlplatform import (
    CanaryRollout,
    EndpointSpec,
)

from ....planned import Planned

Plan = Callable[..., Planned]


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", **changes})


def hosts(plan: Planned, name: str = "fraud") -> dict[str, Any]:
    """The configuration of an endpoint of components."""
    return json.loads(str(plan.one(f"endpoint-{name}-config").inputs["desiredState"]))


def test_an_endpoint_that_sleeps_is_a_component_that_wakes_on_a_request(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(server="vllm", accelerator=("L4:1",), replicas=(0, 3)),))
    (host,) = hosts(plan)["ProductionVariants"]
    # a new model needs a place while the old one still has all of its copies
    assert host["ManagedInstanceScaling"] == {"Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": 4}
    assert "ModelName" not in host
    state = json.loads(str(plan.one("endpoint-fraud-component").inputs["desiredState"]))
    assert state["Specification"]["ComputeResourceRequirements"]["NumberOfAcceleratorDevicesRequired"] == 1
    scaling = plan.one("endpoint-fraud-scaling").inputs
    assert scaling["resourceId"] == f"inference-component/{state['InferenceComponentName']}"
    assert (scaling["minCapacity"], scaling["maxCapacity"]) == (0, 3)
    wake = plan.one("endpoint-fraud-alarm-wake").inputs
    assert wake["metricName"] == "NoCapacityInvocationFailures"
    assert wake["alarmActions"]


def test_components_are_isolated_where_sagemaker_looks_for_it(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(replicas=(0, 3)), endpoint(name="other", secrets={"A": "b"}, replicas=(0, 1))))
    model = plan.one("endpoint-fraud-model-main").inputs
    assert hosts(plan)["EnableNetworkIsolation"] is True is model["enableNetworkIsolation"]
    assert hosts(plan)["VpcConfig"]["Subnets"] == model["vpcConfig"]["subnets"]
    assert hosts(plan, "other")["EnableNetworkIsolation"] is False


def test_callers_of_a_component_need_not_know_the_model(planned: Plan) -> None:
    old, new = (planned(endpoints=(endpoint(model=model, replicas=(0, 3)),)) for model in ("fraud/7", "fraud/8"))
    states = [json.loads(str(plan.one("endpoint-fraud-component").inputs["desiredState"])) for plan in (old, new)]
    assert states[0]["InferenceComponentName"] == states[1]["InferenceComponentName"] == "acme-ml-dev-fraud"
    assert states[0]["Specification"] != states[1]["Specification"]
    assert old.one("endpoint-fraud-config").inputs == new.one("endpoint-fraud-config").inputs
    (caller,) = [s for s in old.all("RolePolicy") if "sagemaker:InvokeEndpoint" in str(s.inputs["policy"])]
    assert "inference-component/acme-ml-dev-fraud" in str(caller.inputs["policy"])


def test_a_component_rolls_in_batches_and_back_on_its_own_alarms(planned: Plan) -> None:
    rollout = CanaryRollout(steps=(20,), bake_minutes=10)
    plan = planned(endpoints=(endpoint(replicas=(0, 10), rollout=rollout),))
    state = json.loads(str(plan.one("endpoint-fraud-component").inputs["desiredState"]))["DeploymentConfig"]
    assert state["RollingUpdatePolicy"]["MaximumBatchSize"] == {"Type": "CAPACITY_PERCENT", "Value": 20}
    assert state["RollingUpdatePolicy"]["MaximumExecutionTimeoutInSeconds"] == 5 * 600 + 3600
    named = {alarm["AlarmName"] for alarm in state["AutoRollbackConfiguration"]["Alarms"]}
    alarms = [plan.one(f"endpoint-fraud-alarm-{kind}-main") for kind in ("errors", "latency")]
    assert named == {alarm.inputs["name"] for alarm in alarms}
    for alarm in alarms:
        assert alarm.inputs["metricQueries"][0]["metric"]["dimensions"] == {
            "InferenceComponentName": "acme-ml-dev-fraud"
        }


def test_what_a_component_uses_is_read_where_components_write_it(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(accelerator=("L4:1",), replicas=(0, 3)),))
    used = plan.one("endpoint-fraud-alarm-gpu-main").inputs
    (query,) = used["metricQueries"]
    assert query["metric"]["namespace"] == "/aws/sagemaker/InferenceComponents"
    assert query["metric"]["metricName"] == "GPUUtilizationNormalized"
    assert used["threshold"] == 90
    assert plan.one("endpoint-fraud-component-logs").inputs["name"] == (
        "/aws/sagemaker/InferenceComponents/acme-ml-dev-fraud"
    )
    assert "endpoint-fraud-component-logs" in plan.directly_after("endpoint-fraud-component")


def test_an_endpoint_without_a_model_is_created_and_waits(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(model=None),))
    (host,) = hosts(plan)["ProductionVariants"]
    assert host["ManagedInstanceScaling"]["MinInstanceCount"] == 0
    assert not plan.all("Model")
    assert plan.plan.outputs["endpoints"]["fraud"]["phase"] == "awaiting-model"
    assert "awaiting its first model: `mlplatform promote MODEL/VERSION --endpoint fraud --to dev" in plan.notes()


def test_a_host_of_other_content_is_another_resource(planned: Plan) -> None:
    old, new = (planned(endpoints=(endpoint(replicas=(0, most)),)).one("endpoint-fraud-config") for most in (2, 3))
    assert old.urn != new.urn
    assert any(alias.endswith("endpoint-fraud-config") for alias in new.aliases), "released states have that name"
