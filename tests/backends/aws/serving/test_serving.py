"""Endpoints on SageMaker: content in names, guarded rollouts, shadow, sleep, waiting, capture, limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlplatform import (
    AutoscalingSpec,
    BlueGreenRollout,
    CanaryRollout,
    EndpointSpec,
    MonitoringSpec,
    NetworkSpec,
    RegistrySpec,
    ShadowSpec,
    SloSpec,
    TrainingSpec,
    VariantSpec,
    discovery,
)

from ....planned import Planned
from ..conftest import spec

Plan = Callable[..., Planned]


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", **changes})


def problems(one: EndpointSpec, **changes: object) -> list[tuple[str, str]]:
    narrowed = spec(endpoints=(one,), **changes).on("aws")
    return [(p.path, f"{p.expected} {p.fix}") for p in discovery.backend("aws").problems(narrowed)]


def test_a_new_model_renames_model_and_configuration_and_nothing_else(planned: Plan) -> None:
    old, new = planned(endpoints=(endpoint(),)), planned(endpoints=(endpoint(model="fraud/8"),))
    names = {"endpoint-fraud-model-main", "endpoint-fraud-config"}
    for name, said in (("endpoint-fraud-model-main", "name"), ("endpoint-fraud-config", "namePrefix")):
        assert old.one(name).inputs[said] != new.one(name).inputs[said]
        assert not old.one(name).delete_before_replace

    def others(plan: Planned) -> dict[str, object]:
        # what refers to the two by name follows them
        return {
            step.urn: dict(step.inputs)
            for step in plan.plan.resources()
            if step.name.removeprefix("acme-ml-") not in {*names, "endpoint-fraud-endpoint"}
        }

    assert others(old) == others(new)


def test_traffic_alone_changes_the_configuration_and_no_model(planned: Plan) -> None:
    def variants(share: int) -> tuple[VariantSpec, ...]:
        return (
            VariantSpec(name="stable", model="fraud/7", traffic_percent=share),
            VariantSpec(name="canary", model="fraud/8", traffic_percent=100 - share),
        )

    old = planned(endpoints=(endpoint(model=None, variants=variants(90)),))
    new = planned(endpoints=(endpoint(model=None, variants=variants(50)),))
    prefixes = {plan.one("endpoint-fraud-config").inputs["namePrefix"] for plan in (old, new)}
    assert len(prefixes) == 2
    for variant in ("stable", "canary"):
        assert old.one(f"endpoint-fraud-model-{variant}").inputs == new.one(f"endpoint-fraud-model-{variant}").inputs
    weights = [v["initialVariantWeight"] for v in old.one("endpoint-fraud-config").inputs["productionVariants"]]
    assert weights == [10, 90]


@pytest.mark.parametrize(
    ("rollout", "kind"),
    [
        (BlueGreenRollout(bake_minutes=5), "ALL_AT_ONCE"),
        (CanaryRollout(steps=(10,), bake_minutes=5), "CANARY"),
        (CanaryRollout(steps=(25, 50, 75), bake_minutes=5), "LINEAR"),
    ],
)
def test_rollouts_are_guarded_by_alarms_that_stand_first(planned: Plan, rollout: object, kind: str) -> None:
    plan = planned(endpoints=(endpoint(rollout=rollout),))
    made = plan.one("endpoint-fraud-endpoint")
    policy = made.inputs["deploymentConfig"]["blueGreenUpdatePolicy"]
    assert policy["trafficRoutingConfiguration"]["type"] == kind
    assert policy["trafficRoutingConfiguration"]["waitIntervalInSeconds"] == 300
    alarms = {a["alarmName"] for a in made.inputs["deploymentConfig"]["autoRollbackConfiguration"]["alarms"]}
    assert len(alarms) == 2
    assert alarms <= {step.inputs.get("name") for step in plan.all("MetricAlarm")}
    assert {
        "endpoint-fraud-alarm-errors-main",
        "endpoint-fraud-alarm-latency-main",
        "endpoint-fraud-logs",
    } <= plan.directly_after("endpoint-fraud-endpoint")


def test_the_rollback_block_is_there_even_without_a_rollout(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(rollout={"kind": "all-at-once"}),))
    assert plan.one("endpoint-fraud-endpoint").inputs["deploymentConfig"]["autoRollbackConfiguration"]["alarms"]


def test_latency_thresholds_are_in_microseconds(planned: Plan) -> None:
    plan = planned(
        endpoints=(endpoint(),), monitoring=MonitoringSpec.model_validate({"alerts": {"latency_p99_ms": 250}})
    )
    assert plan.one("endpoint-fraud-alarm-latency-main").inputs["threshold"] == 250_000


def test_shadow_sees_its_share(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(shadow=ShadowSpec(model="fraud/8", sample_percent=25), replicas=(4, 8)),))
    (copy,) = plan.one("endpoint-fraud-config").inputs["shadowProductionVariants"]
    assert copy["initialVariantWeight"] == 25
    assert copy["initialInstanceCount"] == 1
    assert copy["modelName"] == plan.one("endpoint-fraud-model-shadow").inputs["name"]


def test_capture_goes_to_the_monitoring_place_with_its_key(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(capture_percent=10),))
    capture = plan.one("endpoint-fraud-config").inputs["dataCaptureConfig"]
    bucket = plan.one("store-monitoring").inputs["bucket"]
    assert capture["destinationS3Uri"] == f"s3://{bucket}/capture"
    assert capture["initialSamplingPercentage"] == 10
    assert "key/" in capture["kmsKeyId"]
    assert {option["captureMode"] for option in capture["captureOptions"]} == {"Input", "Output"}


def hosts(plan: Planned, name: str = "fraud") -> dict[str, Any]:
    """The configuration of an endpoint of components."""
    return json.loads(str(plan.one(f"endpoint-{name}-config").inputs["desiredState"]))


def test_an_endpoint_that_sleeps_is_a_component_with_a_way_to_wake(planned: Plan) -> None:
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


def test_an_endpoint_without_a_model_is_made_and_waits(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(model=None),))
    (host,) = hosts(plan)["ProductionVariants"]
    assert host["ManagedInstanceScaling"]["MinInstanceCount"] == 0
    assert not plan.all("Model")
    assert plan.plan.outputs["endpoints"]["fraud"]["phase"] == "awaiting-model"
    assert "no model yet" in plan.notes()


def test_local_nvme_takes_no_volume_key(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(accelerator=("L4:1",)), endpoint(name="cpu")))
    assert "kmsKeyArn" not in plan.one("endpoint-fraud-config").inputs
    assert "kmsKeyArn" in plan.one("endpoint-cpu-config").inputs


def test_replicas_follow_the_load_and_cores_add_up(planned: Plan) -> None:
    plan = planned(
        endpoints=(
            endpoint(autoscaling=AutoscalingSpec(metric="cpu", target=50), replicas=(2, 9)),
            endpoint(name="requests", autoscaling=AutoscalingSpec(metric="requests", target=600)),
        )
    )
    bounds = plan.one("endpoint-fraud-scaling-main").inputs
    assert (bounds["minCapacity"], bounds["maxCapacity"]) == (2, 9)
    cpu = plan.one("endpoint-fraud-scaling-main-policy").inputs["targetTrackingScalingPolicyConfiguration"]
    assert cpu["targetValue"] == 50 * 2
    requests = plan.one("endpoint-requests-scaling-main-policy").inputs["targetTrackingScalingPolicyConfiguration"]
    assert requests["predefinedMetricSpecification"]["predefinedMetricType"] == "SageMakerVariantInvocationsPerInstance"


def test_secrets_travel_as_references_and_are_readable_by_this_endpoint_alone(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(secrets={"API_KEY": "fraud-api"}), endpoint(name="other")))
    container = plan.one("endpoint-fraud-model-main").inputs["primaryContainer"]
    assert container["environment"]["API_KEY"] == "arn:aws:secretsmanager:us-east-1:123456789012:secret:fraud-api"
    assert plan.one("endpoint-fraud-model-main").inputs["enableNetworkIsolation"] is False
    assert plan.one("endpoint-other-model-main").inputs["enableNetworkIsolation"] is True
    (reader,) = [s for s in plan.all("RolePolicy") if "secretsmanager:GetSecretValue" in str(s.inputs["policy"])]
    statements = {one["Sid"]: one for one in json.loads(str(reader.inputs["policy"]))["Statement"]}
    statement = statements["Secrets"]
    assert statement["Resource"].endswith(":secret:fraud-api-??????")
    assert "fraud" in str(reader.inputs["role"])


def test_private_means_from_the_platforms_network(planned: Plan) -> None:
    private, public = planned(endpoints=(endpoint(),)), planned(endpoints=(endpoint(exposure="public"),))

    def invoke(plan: Planned) -> str:
        (found,) = [s for s in plan.all("RolePolicy") if "sagemaker:InvokeEndpoint" in str(s.inputs["policy"])]
        return str(found.inputs["policy"])

    assert "aws:SourceVpc" in invoke(private)
    assert "aws:SourceVpc" not in invoke(public)


def test_objectives_burn_in_two_windows(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(slo=SloSpec(availability_percent=99.9, latency_ms=200, window_days=30)),))
    fast = plan.one("endpoint-fraud-alarm-slo-critical").inputs
    assert " AND " in str(fast["alarmRule"])
    assert plan.one("endpoint-fraud-alarm-slo-critical-long").inputs["threshold"] == pytest.approx(14.4 * 0.1)
    assert "alarmActions" not in plan.one("endpoint-fraud-alarm-slo-critical-long").inputs
    assert plan.one("endpoint-fraud-alarm-slo-latency-main").inputs["threshold"] == 200_000


def test_model_groups_are_protected_in_production(planned: Plan) -> None:
    for environment, protected in (("prod", True), ("dev", False)):
        plan = planned(environment=environment, registry=RegistrySpec(models=("fraud",)))
        assert plan.one("models-fraud").protect is protected


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


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"rollout": CanaryRollout(steps=(10, 50))}, "endpoints[0].rollout.steps"),
        ({"rollout": CanaryRollout(steps=(60,))}, "endpoints[0].rollout.steps"),
        ({"rollout": CanaryRollout(steps=(3,)), "replicas": (0, 9)}, "endpoints[0].rollout.steps"),
        (
            {"rollout": CanaryRollout(steps=tuple(range(10, 100, 10)), bake_minutes=45)},
            "endpoints[0].rollout.bake_minutes",
        ),
        (
            {"rollout": CanaryRollout(steps=(5,), bake_minutes=30), "replicas": (0, 9)},
            "endpoints[0].rollout.bake_minutes",
        ),
        ({"accelerator": ("Inferentia2:1",)}, "endpoints[0].image"),
        ({"accelerator": ("RTX-PRO-4500:1",)}, "endpoints[0].accelerator"),
        (
            {
                "model": None,
                "variants": (
                    VariantSpec(name="a", model="a/1", traffic_percent=90),
                    VariantSpec(name="b", traffic_percent=10),
                ),
            },
            "endpoints[0].variants[1].model",
        ),
        ({"timeout_seconds": 61}, "endpoints[0].timeout_seconds"),
        ({"timeout_seconds": 30}, "endpoints[0].timeout_seconds"),
        ({"port": 9000}, "endpoints[0].port"),
        ({"server": "custom", "image": "a/b", "health_path": "/up"}, "endpoints[0].health_path"),
        ({"max_concurrency": 4}, "endpoints[0].max_concurrency"),
        ({"replicas": (0, 2), "shadow": ShadowSpec(model="fraud/8")}, "endpoints[0].shadow"),
        ({"replicas": (0, 2), "capture_percent": 5}, "endpoints[0].capture_percent"),
        ({"autoscaling": AutoscalingSpec(metric="gpu", target=50)}, "endpoints[0].autoscaling.metric"),
        ({"server": "mlflow"}, "endpoints[0].server"),
        ({"server": "vllm"}, "endpoints[0].server"),
        ({"accelerator": ("MI300X:8",)}, "endpoints[0].accelerator"),
    ],
)
def test_what_sagemaker_cannot_do_is_refused_with_a_way_out(changes: dict[str, object], path: str) -> None:
    found = problems(endpoint(**changes))
    assert path in [where for where, _ in found], found
    assert all(text.strip() for _, text in found)


def test_a_private_endpoint_needs_private_endpoints() -> None:
    paths = [path for path, _ in problems(endpoint(), network=NetworkSpec(private_endpoints=False))]
    assert "endpoints[0].exposure" in paths
    assert problems(endpoint(exposure="public"), network=NetworkSpec(private_endpoints=False)) == []
