"""Endpoints on SageMaker: content in names, shadow, capture, autoscaling, secrets, callers."""

from __future__ import annotations

import json
from collections.abc import Callable

from mlplatform import (
    AutoscalingSpec,
    EndpointSpec,
    MonitoringSpec,
    ShadowSpec,
    SloSpec,
    VariantSpec,
)

from ....planned import Planned

Plan = Callable[..., Planned]


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", **changes})


def test_a_new_model_renames_model_and_configuration_and_nothing_else(planned: Plan) -> None:
    old, new = planned(endpoints=(endpoint(),)), planned(endpoints=(endpoint(model="fraud/8"),))
    names = {"endpoint-fraud-model-main", "endpoint-fraud-config"}
    for name, field in (("endpoint-fraud-model-main", "name"), ("endpoint-fraud-config", "namePrefix")):
        assert old.one(name).inputs[field] != new.one(name).inputs[field]
        assert not old.one(name).delete_before_replace

    def others(plan: Planned) -> dict[str, object]:
        # what refers to the two by name follows them
        return {
            step.urn: dict(step.inputs)
            for step in plan.plan.resources()
            if step.urn not in {plan.one(name).urn for name in (*names, "endpoint-fraud-endpoint")}
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


def test_latency_thresholds_are_in_microseconds(planned: Plan) -> None:
    plan = planned(
        endpoints=(endpoint(),), monitoring=MonitoringSpec.model_validate({"alerts": {"latency_p99_ms": 250}})
    )
    assert plan.one("endpoint-fraud-alarm-latency-main").inputs["threshold"] == 250_000


def test_a_server_that_fills_the_gpu_by_design_raises_no_alarm_of_it(planned: Plan) -> None:
    plan = planned(
        endpoints=(endpoint(server="vllm", accelerator=("L4:1",)), endpoint(name="t", accelerator=("L4:1",)))
    )
    assert not plan.has("endpoint-fraud-alarm-gpumemory-main")
    assert plan.has("endpoint-t-alarm-gpumemory-main")


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


def test_local_nvme_takes_no_volume_key(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(accelerator=("L4:1",)), endpoint(name="cpu")))
    assert "kmsKeyArn" not in plan.one("endpoint-fraud-config").inputs
    assert "kmsKeyArn" in plan.one("endpoint-cpu-config").inputs


def test_hosts_boot_what_their_accelerator_needs(planned: Plan) -> None:
    own = "acme/neuron:1"
    plan = planned(
        endpoints=(
            endpoint(accelerator=("Inferentia2:1",), image=own),
            endpoint(name="gpu", accelerator=("L4:1",)),
            endpoint(name="cpu"),
        )
    )
    booted = {
        name: plan.one(f"endpoint-{name}-config").inputs["productionVariants"][0].get("inferenceAmiVersion")
        for name in ("fraud", "gpu", "cpu")
    }
    assert booted == {
        "fraud": "al2-ami-sagemaker-inference-neuron-2",
        "gpu": "al2023-ami-sagemaker-inference-gpu-4-1",
        "cpu": None,
    }


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


def test_many_replicas_are_noted_by_variant(planned: Plan) -> None:
    variants = tuple(VariantSpec(name=f"v{n}", model=f"fraud/{n}", traffic_percent=20) for n in range(5))
    plan = planned(endpoints=(endpoint(model=None, variants=variants, replicas=(2, 3), slo=SloSpec()),))
    assert "every variant has its own replicas, from 2 to 3" in plan.notes()
    # an alarm over formulas takes ten metrics
    queries = plan.one("endpoint-fraud-alarm-slo-critical-long").inputs["metricQueries"]
    assert sum("metric" in query for query in queries) == 10


def test_secrets_are_passed_as_references_and_are_readable_by_this_endpoint_alone(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(secrets={"API_KEY": "fraud-api"}), endpoint(name="other")))
    container = plan.one("endpoint-fraud-model-main").inputs["primaryContainer"]
    assert container["environment"]["API_KEY"] == "arn:aws:secretsmanager:us-east-1:123456789012:secret:fraud-api"
    assert plan.one("endpoint-fraud-model-main").inputs["enableNetworkIsolation"] is False
    assert plan.one("endpoint-other-model-main").inputs["enableNetworkIsolation"] is True
    (reader,) = [s for s in plan.all("RolePolicy") if "secretsmanager:GetSecretValue" in str(s.inputs["policy"])]
    statements = {statement["Sid"]: statement for statement in json.loads(str(reader.inputs["policy"]))["Statement"]}
    statement = statements["Secrets"]
    assert statement["Resource"].endswith(":secret:fraud-api-??????")
    assert "fraud" in str(reader.inputs["role"])


def test_private_means_from_the_platforms_network(planned: Plan) -> None:
    private, public = planned(endpoints=(endpoint(),)), planned(endpoints=(endpoint(exposure="public"),))

    def invoke(plan: Planned) -> str:
        (policy,) = [s for s in plan.all("RolePolicy") if "sagemaker:InvokeEndpoint" in str(s.inputs["policy"])]
        return str(policy.inputs["policy"])

    assert "aws:SourceVpc" in invoke(private)
    assert "aws:SourceVpc" not in invoke(public)


def test_many_endpoints_fit_into_one_policy(planned: Plan) -> None:
    many = tuple(
        endpoint(name=f"{'e' * 20}-{n:02}", replicas=(n % 2, 2), exposure="public" if n % 3 else "private")
        for n in range(40)
    )
    plan = planned(endpoints=many)
    for role in {str(step.inputs["role"]) for step in plan.all("RolePolicy")}:
        policies = [str(step.inputs["policy"]) for step in plan.all("RolePolicy") if step.inputs["role"] == role]
        assert sum(map(len, policies)) <= 10_240, role
