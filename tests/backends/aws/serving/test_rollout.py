"""Rollouts are watched by alarms, and going back to an older model works."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform import (
    BlueGreenRollout,
    CanaryRollout,
    EndpointSpec,
)
from mlplatform.backends.aws.serving.taken_back import RolloutTakenBack, _checked

from ....planned import Planned

Plan = Callable[..., Planned]


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", **changes})


@pytest.mark.parametrize(
    ("rollout", "kind"),
    [
        (BlueGreenRollout(bake_minutes=5), "ALL_AT_ONCE"),
        (CanaryRollout(steps=(10,), bake_minutes=5), "CANARY"),
        (CanaryRollout(steps=(25, 50, 75), bake_minutes=5), "LINEAR"),
    ],
)
def test_rollouts_are_guarded_by_alarms_that_exist_before(planned: Plan, rollout: object, kind: str) -> None:
    plan = planned(endpoints=(endpoint(rollout=rollout),))
    created = plan.one("endpoint-fraud-endpoint")
    policy = created.inputs["deploymentConfig"]["blueGreenUpdatePolicy"]
    assert policy["trafficRoutingConfiguration"]["type"] == kind
    assert policy["trafficRoutingConfiguration"]["waitIntervalInSeconds"] == 300
    alarms = {a["alarmName"] for a in created.inputs["deploymentConfig"]["autoRollbackConfiguration"]["alarms"]}
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


def test_a_return_to_an_older_model_reuses_no_name(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    config, model = plan.one("endpoint-fraud-config"), plan.one("endpoint-fraud-model-main")
    # the configuration outlives its replacement, so its name must never come twice; a model of other content is another
    # resource, which a run deletes only if it ends well without it
    assert config.retain_on_delete
    assert "name" not in config.inputs
    assert len(str(config.inputs["namePrefix"])) + 26 <= 63
    assert not model.retain_on_delete
    next_model = planned(endpoints=(endpoint(model="fraud/8"),)).one("endpoint-fraud-model-main")
    assert next_model.urn != model.urn
    assert any(alias.endswith("endpoint-fraud-model-main") for alias in model.aliases), "released states have that name"


def test_a_canary_starts_with_two_replicas(planned: Plan) -> None:
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


def test_a_rollout_that_is_taken_back_ends_the_run() -> None:
    assert _checked(["fraud", "config-b", "config-b"]) == "fraud"
    with pytest.raises(RolloutTakenBack, match="runs configuration config-a, not config-b: SageMaker took"):
        _checked(["fraud", "config-b", "config-a"])


def test_a_cost_centre_replaces_no_serving_instance(planned: Plan) -> None:
    from mlplatform.plan.diff import diff

    asleep = endpoint(name="asleep", replicas=(0, 2))
    before, after = (planned(endpoints=(endpoint(), asleep), cost_center=centre) for centre in ("1", "2"))
    found = diff(before.plan, after.plan)
    assert [change.step.name for change in found.changes if change.kind != "update"] == []
    changed = {
        change.step.name: [item.text for item in change.properties if item.path[0] not in ("tags", "tagsAll")]
        for change in found.changes
        if change.capability == "Endpoints"
    }
    assert {name: paths for name, paths in changed.items() if paths} == {}


@pytest.mark.parametrize(
    ("bake", "wait", "period"), [(1, 180, 60), (3, 180, 60), (5, 300, 180), (10, 600, 300), (20, 1200, 300)]
)
def test_an_alarm_can_fire_within_the_bake(planned: Plan, bake: int, wait: int, period: int) -> None:
    plan = planned(endpoints=(endpoint(rollout=CanaryRollout(steps=(10,), bake_minutes=bake)),))
    policy = plan.one("endpoint-fraud-endpoint").inputs["deploymentConfig"]["blueGreenUpdatePolicy"]
    assert policy["trafficRoutingConfiguration"]["waitIntervalInSeconds"] == wait
    assert policy["terminationWaitInSeconds"] == wait
    for name in ("errors", "latency"):
        alarm = plan.one(f"endpoint-fraud-alarm-{name}-main").inputs
        periods = {query["metric"]["period"] for query in alarm["metricQueries"] if query.get("metric")}
        assert periods == {period}, "the delay of the metrics is two minutes"
        assert period + 120 <= wait


def test_sagemaker_gives_up_before_the_provider_does(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(rollout=BlueGreenRollout(bake_minutes=20)),))
    policy = plan.one("endpoint-fraud-endpoint").inputs["deploymentConfig"]["blueGreenUpdatePolicy"]
    assert policy["maximumExecutionTimeoutInSeconds"] < 3600
