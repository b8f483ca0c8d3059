"""The traps of rollouts: what still serves after a way back, what the autoscaler owns, traffic to what is not there."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from mlplatform.plan.change import Diff
from mlplatform.plan.diff import diff
from mlplatform.plan.model import Plan, Step, Value

from ..conftest import CLOUDS
from ..planned import record_released
from .siblings import platform

SERVED = {"aws": "sagemaker/endpoint:Endpoint", "gcp": "cloudrunv2/service:Service", "azure": "OnlineEndpoint"}
"""What has the endpoint's address."""

OWNED = {
    "aws": {"nodeGroup:NodeGroup": "scalingConfig.desiredSize"},
    "gcp": {"nodePool:NodePool": "initialNodeCount"},
    "azure": {"containerservice:AgentPool": "count", "containerservice:ManagedCluster": "agentPoolProfiles.0.count"},
}
"""Counts that an autoscaler changes, by type."""


@cache
def _plan(cloud: str, model: str = "beta/1", variants: bool = True) -> Plan:
    spec = platform(cloud, "base")
    alpha, beta, _ = spec.endpoints
    if not variants:
        alpha = alpha.overlay(variants=(alpha.variants[0].overlay(traffic_percent=100),))
    changed = spec.overlay(endpoints=(alpha, beta.overlay(model=model)))
    return record_released(changed, cloud)


def _to(cloud: str, before: str, after: str) -> Diff:
    return diff(_plan(cloud, before), _plan(cloud, after))


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(("before", "after"), [("beta/1", "beta/2"), ("beta/2", "beta/1")], ids=["there", "back"])
def test_a_new_model_and_the_way_back_take_nothing_away_that_may_serve(cloud: str, before: str, after: str) -> None:
    changes = _to(cloud, before, after).changes
    assert {change.component for change in changes} == {"acme-endpoint-beta"}
    # a SageMaker model of other content is another resource: the former one is deleted by a run that ends well, and by
    # no other, so that an endpoint that was taken back still has it
    others = [change for change in changes if not change.step.type.endswith("sagemaker/model:Model")]
    assert not [change.step.name for change in others if change.kind in ("delete", "create")]
    replaced = [change for change in changes if change.kind == "replace"]
    assert not [change.step.name for change in replaced if change.step.delete_before_replace]
    assert not [change.step.name for change in replaced if change.step.type.endswith(SERVED[cloud])], "its address"
    for change in replaced:
        if change.step.type.endswith("endpointConfiguration:EndpointConfiguration"):
            # SageMaker may have gone back to it: it is let go, and the new one's name can never be taken
            assert change.step.retain_on_delete
            assert "name" not in change.step.inputs


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_autoscalers_counts_are_left_to_them(cloud: str) -> None:
    plan = _plan(cloud)
    scaled = 0
    steps: list[Step] = []
    for step in plan.steps:
        path = next((path for kind, path in OWNED[cloud].items() if step.type.endswith(kind)), "")
        steps.append(replace(step, inputs=_with(step.inputs, path.split("."), 3.0)) if path else step)
        scaled += bool(path)
    assert scaled >= 4
    found = diff(replace(plan, steps=tuple(steps)), plan)
    assert not [f"{change.kind} {change.step.name}" for change in found.changes]


def _with(value: Value, path: list[str], new: Value) -> Value:  # pyright: ignore[reportReturnType]
    """The value with another one at a path, where there is one already or its parent can have one."""
    if isinstance(value, list):
        index = int(path[0])
        rest = _with(value[index], path[1:], new) if path[1:] else new
        return [*value[:index], rest, *value[index + 1 :]]
    assert isinstance(value, dict)
    return {**value, path[0]: _with(value[path[0]], path[1:], new) if path[1:] else new}


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("variants", [True, False], ids=["two", "one"])
def test_traffic_names_only_what_is_made_before_it(cloud: str, variants: bool) -> None:
    plan = _plan(cloud, variants=variants)
    names = {"stable", "next"} if variants else {"stable"}
    own = {step.name: step for step in plan.steps if step.name.startswith("acme-endpoint-alpha-")}
    match cloud:
        case "aws":
            traffic = own["acme-endpoint-alpha-endpoint"]
            config = own["acme-endpoint-alpha-config"]
            assert config.urn in traffic.dependencies
            models = {name.rpartition("-")[0]: step for name, step in own.items()}
            made = {name: models[f"acme-endpoint-alpha-model-{name}"] for name in names}
            assert all(step.urn in config.dependencies for step in made.values())
            told = repr(config.inputs["productionVariants"])
        case "gcp":
            # a single model is served by the service itself, two by services behind it
            traffic = own["acme-endpoint-alpha-service"]
            made = {name: own[f"acme-endpoint-alpha-variant-{name}"] for name in names} if variants else {}
            assert all(step.urn in traffic.dependencies for step in made.values())
            told = repr(traffic.inputs["template"])
            names = names if variants else {"a/1"}
        case _:
            traffic = own["acme-endpoint-alpha-traffic"]
            made = {name: own[f"acme-endpoint-alpha-release-{name}"] for name in names}
            assert all(step.urn in traffic.dependencies for step in made.values())
            told = repr(traffic.inputs["properties"])
    assert all(name in told for name in names)
    assert variants or "next" not in told


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_traffic_no_longer_names_goes_after_it_is_told(cloud: str) -> None:
    found = diff(_plan(cloud), _plan(cloud, variants=False))
    gone = [change.step.name for change in found.changes if change.kind == "delete"]
    told = [change.step.name for change in found.changes if change.kind in ("update", "replace")]
    # deletions come last in an update of Pulumi's: what takes the traffic away must be an update and no deletion
    assert any("-next" in name for name in gone)
    assert any("endpoint-alpha" in name for name in told)
    assert not [name for name in gone if name.endswith(("-endpoint", "-traffic"))]
