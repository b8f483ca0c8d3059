"""What holds for every stack on every cloud."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform.plan.model import STACK_TYPE, UNKNOWN, Plan, Step
from mlplatform.providers.schema import resource_schema
from mlplatform.spec.platform import PlatformSpec

from ..conftest import CLOUDS, STACKS
from ..planned import record_released

every_stack = pytest.mark.parametrize(("stack", "cloud"), [(s, c) for s in STACKS for c in CLOUDS])

TAGS = {"platform", "environment", "owner", "cost-center", "data-class", "managed-by"}
# tags of these describe something else than who owns the resource, or are Kubernetes' own
NOT_OWNERSHIP = {
    "gcp:container/nodePool:NodePool",
    "aws:eks/nodeGroup:NodeGroup",
    "azure-native:eventgrid:SystemTopicEventSubscription",  # its labels are words, without values
}


@every_stack
def test_plans_and_names_what_users_need(stack: str, cloud: str, stack_plan: Callable[..., Plan]) -> None:
    plan = stack_plan(stack, cloud)
    assert len(plan.resources()) > 100
    wanted = {"storeUris", "imageRepositories", "clusterName", "clusterCredentials", "endpoints", "notes"}
    assert wanted <= set(plan.outputs)
    endpoints = {"fraud-scorer", "vision-tagger", "fraud-explainer"} | (
        {"vision-inspector"} if stack == "prod" else set()
    )
    assert endpoints == set(plan.outputs["endpoints"])  # type: ignore[call-overload]


@every_stack
def test_every_resource_has_a_component_and_the_platforms_provider(
    stack: str, cloud: str, stack_plan: Callable[..., Plan]
) -> None:
    plan = stack_plan(stack, cloud)
    components = {step.urn for step in plan.steps if step.type.startswith("mlplatform:")}
    for step in plan.resources():
        assert step.parent in components, f"{step.urn} hangs loose"
        assert step.provider, f"{step.urn} would use the default provider of whoever runs it"


@every_stack
def test_dependencies_come_first(stack: str, cloud: str, stack_plan: Callable[..., Plan]) -> None:
    seen: set[str] = set()
    for step in stack_plan(stack, cloud).steps:
        assert set(step.dependencies) <= seen, step.urn
        assert not step.parent or step.parent in seen, step.urn
        seen.add(step.urn)


def _tags(step: Step) -> dict[str, object] | None:
    if step.package == "kubernetes":
        return None  # an object's labels select it; its owner is its namespace's
    schema = resource_schema(step.type)
    assert schema is not None
    names = set(schema.inputs.properties)
    # Google's `tags` are Resource Manager's, made by an organisation beforehand; ownership is in labels
    for name in ("labels", "userLabels", "resourceLabels") if step.package == "gcp" else ("tags", "labels"):
        if name in names and step.type not in NOT_OWNERSHIP:
            value = step.inputs.get(name)
            if isinstance(value, list):  # an Auto Scaling group's
                return {tag["key"]: tag["value"] for tag in value if isinstance(tag, dict)}
            return value if isinstance(value, dict) else {}
    return None


@every_stack
def test_whatever_can_carry_tags_carries_the_mandatory_ones(
    stack: str, cloud: str, stack_plan: Callable[..., Plan]
) -> None:
    missing = [
        f"{step.type} {step.name}"
        for step in stack_plan(stack, cloud).resources()
        if (tags := _tags(step)) is not None and not set(tags) >= TAGS
    ]
    # notification channels keep the receiver's address in their labels
    assert [m for m in missing if "notificationChannel" not in m] == []


@pytest.mark.thorough
@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_same_spec_gives_the_same_bytes(cloud: str, root: Path) -> None:
    def run(seed: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "mlplatform", "plan", "stacks/prod.py", "--target", cloud, "--format", "json"],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout

    first = run("1")
    assert first == run("2")
    document = json.loads(first)
    assert document["steps"][0]["newState"]["type"] == STACK_TYPE
    assert UNKNOWN.encode() in first


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_resolved_plan_knows_everything(cloud: str, stack_plan: Callable[..., Plan]) -> None:
    text = json.dumps(stack_plan("prod", cloud, resolve=True).to_preview())
    assert UNKNOWN not in text


@pytest.mark.parametrize("cloud", CLOUDS)
def test_secrets_stay_secret(cloud: str, stack_plan: Callable[..., Plan]) -> None:
    from mlplatform.plan.record import PLACEHOLDER

    for resolve in (False, True):
        plan = stack_plan("prod", cloud, resolve=resolve)
        text = json.dumps(plan.to_preview())
        assert PLACEHOLDER not in text
        assert "[secret]" in text


@pytest.mark.parametrize("cloud", CLOUDS)
def test_production_protects_what_holds_state_and_dev_does_not(cloud: str, stack_plan: Callable[..., Plan]) -> None:
    prod = [step for step in stack_plan("prod", cloud).resources() if step.protect]
    assert len(prod) >= 10
    assert not [step.urn for step in stack_plan("dev", cloud).resources() if step.protect]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_unrelated_names_do_not_move_when_a_list_is_reordered(
    cloud: str, stack_spec: Callable[[str], PlatformSpec], stack_plan: Callable[..., Plan]
) -> None:

    spec = stack_spec("prod")
    assert spec.training
    turned = spec.overlay(
        endpoints=tuple(reversed(spec.endpoints)),
        training=spec.training.overlay(pools=tuple(reversed(spec.training.pools))),
    )

    def names(plan: Plan) -> dict[str, object]:
        return {step.urn: dict(step.inputs) for step in plan.resources()}

    assert set(names(record_released(turned, cloud))) == set(names(stack_plan("prod", cloud)))
