"""What a replica must be allowed to do before it serves, and how alarms and rollouts end."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from mlplatform import (
    BudgetSpec,
    CanaryRollout,
    EmailRoute,
    EndpointSpec,
    GpuPoolSpec,
    MonitoringSpec,
    SloSpec,
    TrainingSpec,
    VariantSpec,
    WebhookRoute,
)

from ....planned import Planned
from ..conftest import ACCOUNT

Plan = Callable[..., Planned]
SERVE = "endpoint-fraud-serve-endpoint-fraud-identity"


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", **changes})


def test_the_role_may_pull_awss_container_and_join_the_network_before_the_model_is_made(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(server="triton"),))
    rights = plan.document(SERVE)
    assert rights["AwsImages"]["Resource"] == "arn:aws:ecr:us-east-1:763104351884:repository/sagemaker-tritonserver"
    assert "ecr:BatchGetImage" in rights["AwsImages"]["Action"]
    assert "ec2:CreateNetworkInterface" in rights["Interfaces"]["Action"]
    assert "*" not in rights["Interfaces"]["Resource"]
    assert "logs:PutLogEvents" in rights["Logs"]["Action"]
    assert {SERVE} <= plan.directly_after("endpoint-fraud-model-main") & plan.directly_after("endpoint-fraud-endpoint")


def test_the_role_may_use_the_key_of_its_volumes_and_secrets(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    rights = plan.document(SERVE)
    key = plan.one("endpoint-fraud-config").inputs["kmsKeyArn"]
    assert rights["Key"]["Resource"] == rights["VolumeGrants"]["Resource"] == key
    assert rights["VolumeGrants"]["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_an_own_image_needs_no_right_to_awss(planned: Plan) -> None:
    image = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/acme-ml-dev/serving:1"
    assert "AwsImages" not in planned(endpoints=(endpoint(image=image),)).document(SERVE)


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


def test_going_back_to_an_older_model_meets_no_name_of_before(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    config, model = plan.one("endpoint-fraud-config"), plan.one("endpoint-fraud-model-main")
    # the configuration outlives its replacement, so its name must never come twice; the model's may, once it is gone
    assert config.retain_on_delete
    assert "name" not in config.inputs
    assert len(str(config.inputs["namePrefix"])) + 26 <= 63
    assert not model.retain_on_delete


def test_a_canary_has_two_replicas_to_be_half_of(planned: Plan) -> None:
    plan = planned(
        endpoints=(
            endpoint(rollout=CanaryRollout(steps=(10,)), replicas=(1, 4)),
            endpoint(name="one", rollout=CanaryRollout(steps=(10,)), replicas=(1, 1)),
        )
    )
    assert plan.one("endpoint-fraud-config").inputs["productionVariants"][0]["initialInstanceCount"] == 2
    assert plan.one("endpoint-fraud-scaling-main").inputs["minCapacity"] == 1
    policy = plan.one("endpoint-one-endpoint").inputs["deploymentConfig"]["blueGreenUpdatePolicy"]
    assert policy["trafficRoutingConfiguration"]["type"] == "ALL_AT_ONCE"
    assert policy["trafficRoutingConfiguration"]["waitIntervalInSeconds"] == 600
    assert "endpoints[one].rollout" in plan.notes()


def test_alarms_that_tell_nobody_reach_no_webhook(planned: Plan) -> None:
    plan = planned(
        endpoints=(endpoint(slo=SloSpec(), replicas=(0, 2)),),
        monitoring=MonitoringSpec(routes=(WebhookRoute(name="hook", url_secret="hook-url"),)),
    )
    pattern = json.loads(str(plan.one("routes-webhook-hook-rule").inputs["eventPattern"]))
    posted = tuple(one["prefix"] for one in pattern["detail"]["alarmName"])
    quiet = [
        "wake",
        *(f"slo-{severity}-{window}" for severity in ("critical", "warning") for window in ("long", "short")),
    ]
    for role in quiet:
        assert not str(plan.one(f"endpoint-fraud-alarm-{role}").inputs["name"]).startswith(posted), role
    assert str(plan.one("endpoint-fraud-alarm-slo-critical").inputs["alarmName"]).startswith(posted)


@pytest.mark.parametrize(
    ("slo", "least", "most"), [((90.0, 28), 50, 100), ((99.9, 1), 0.1, 0.1), ((99.9, 28), 0.5, 1.4)]
)
def test_every_burn_alarm_can_fire_and_none_fires_within_the_budget(
    planned: Plan, slo: tuple[float, int], least: float, most: float
) -> None:
    plan = planned(endpoints=(endpoint(slo=SloSpec(availability_percent=slo[0], window_days=slo[1])),))
    for severity in ("critical", "warning"):
        made = plan.one(f"endpoint-fraud-alarm-slo-{severity}-long").inputs
        assert made["comparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert least <= float(made["threshold"]) <= most


def test_a_rollout_taken_back_is_told(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    pattern = json.loads(str(plan.one("monitoring-rollbacks").inputs["eventPattern"]))
    assert pattern["detail"]["EndpointName"] == [{"prefix": "acme-ml-dev-"}]
    assert plan.one("monitoring-rollbacks-topic").inputs["arn"] == plan.one("routes-critical").outputs["arn"]
    assert not planned().has("monitoring-rollbacks")


def test_many_replicas_are_noted_by_variant(planned: Plan) -> None:
    variants = tuple(VariantSpec(name=f"v{n}", model=f"fraud/{n}", traffic_percent=20) for n in range(5))
    plan = planned(endpoints=(endpoint(model=None, variants=variants, replicas=(2, 3), slo=SloSpec()),))
    assert "every variant has replicas of its own, from 2 to 3" in plan.notes()
    # an alarm over formulas takes ten metrics
    queries = plan.one("endpoint-fraud-alarm-slo-critical-long").inputs["metricQueries"]
    assert sum("metric" in query for query in queries) == 10


def test_a_server_that_fills_the_gpu_by_design_raises_no_alarm_of_it(planned: Plan) -> None:
    plan = planned(
        endpoints=(endpoint(server="vllm", accelerator=("L4:1",)), endpoint(name="t", accelerator=("L4:1",)))
    )
    assert not plan.has("endpoint-fraud-alarm-gpumemory-main")
    assert plan.has("endpoint-t-alarm-gpumemory-main")


def test_many_endpoints_fit_into_one_policy(planned: Plan) -> None:
    many = tuple(
        endpoint(name=f"{'e' * 20}-{n:02}", replicas=(n % 2, 2), exposure="public" if n % 3 else "private")
        for n in range(40)
    )
    plan = planned(endpoints=many)
    for role in {str(step.inputs["role"]) for step in plan.all("RolePolicy")}:
        policies = [str(step.inputs["policy"]) for step in plan.all("RolePolicy") if step.inputs["role"] == role]
        assert sum(map(len, policies)) <= 10_240, role


def test_a_budget_with_more_addresses_than_a_notification_takes_uses_the_topic(planned: Plan) -> None:
    routes = tuple(EmailRoute(f"user{n}@acme.example") for n in range(11))
    plan = planned(budget=BudgetSpec(monthly_usd=100), monitoring=MonitoringSpec(routes=routes))
    for notification in plan.one("budget-monthly").inputs["notifications"]:
        assert notification["subscriberSnsTopicArns"] == [plan.one("routes-warning").outputs["arn"]]
        assert "subscriberEmailAddresses" not in notification
    assert "routes-warning-policy" in plan.directly_after("budget-monthly")


def test_quotas_are_those_of_the_machines_families(planned: Plan) -> None:
    pools = (
        GpuPoolSpec(name="neuron", accelerator="Trainium1:1", max_nodes=1),
        GpuPoolSpec(name="spot", accelerator="L4:1", max_nodes=1, capacity="spot"),
    )
    plan = planned(training=TrainingSpec(pools=pools))
    assert plan.has("monitoring-alarm-quota-trn-ondemand")
    assert plan.has("monitoring-alarm-quota-g-spot")
    assert not plan.has("monitoring-alarm-quota-g-ondemand")
