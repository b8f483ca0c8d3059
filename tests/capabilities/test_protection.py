"""What cannot be made again is protected, in every stack on every cloud; retention classes say what a destroy takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform.plan.model import Plan, Step
from mlplatform.plan.stateful import is_stateful
from mlplatform.spec.artifact_store import PLACES
from mlplatform.spec.platform import PlatformSpec

from ..conftest import CLOUDS, STACKS

MADE_AGAIN = {
    "layer-queue-metrics-token": "a token that the cluster fills in again",
    "door-inbox": "messages that the door takes within minutes; what they changed is in its ledger",
    "door-lost-notices": "notices of data that is still there: the door is asked again",
    "endpoint-fraud-explainer-component-logs": "of a host that waits for its first model: nothing has logged there",
    "images-cache-docker-io": "a cache, filled again from upstream",
    "images-login-docker-io-user": "holds what the stack's configuration holds",
    "images-login-docker-io-token": "holds what the stack's configuration holds",
    "images-cache-docker-io-login": "holds what the stack's configuration holds",
    "images-cache-docker-io-login-value": "holds what the stack's configuration holds",
    "models-servers-nvcr-io": "a cache, filled again from upstream",
    "telemetry-grafana-cache": "a cache, filled again from upstream",
    "telemetry-grafana-dashboards-list": "holds an address that the program knows",
    "telemetry-grafana-source": "holds an address that the program knows",
    "telemetry-grafana-source-version": "holds an address that the program knows",
}
"""Resources of stateful types that keep nothing of their own, each with the reason."""

STAYS = {
    "aws": {"EndpointConfiguration": "SageMaker may go back to it unseen, and cannot be updated any more without it"},
    "gcp": {"IAMMember": "the role of an agent of the cloud: its service stays on as well, for others in the project"},
    "azure": {"Key": "the vault keeps it, and its name, until the recovery window ends"},
}
"""Types of what a stack lets go without deleting it, each with the reason."""


def _short(step: Step, spec: PlatformSpec) -> str:
    return step.name.removeprefix(f"{spec.name}-")


def _places(plan: Plan, spec: PlatformSpec) -> dict[str, Step]:
    """Where a place's objects are, by place."""
    names = {f"store-{place}{part}": place for place in PLACES for part in ("", "-objects")}
    kinds = ("Bucket", "BlobContainer")
    return {
        names[_short(step, spec)]: step
        for step in plan.resources()
        if step.type.endswith(kinds) and _short(step, spec) in names
    }


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("stack", STACKS)
def test_what_cannot_be_made_again_is_protected(
    stack: str, cloud: str, stack_plan: Callable[..., Plan], stack_spec: Callable[[str], PlatformSpec]
) -> None:
    plan, spec = stack_plan(stack, cloud), stack_spec(stack)
    places = _places(plan, spec)
    assert set(places) == set(PLACES)
    wanted = {step.urn for step in plan.resources() if is_stateful(step.type) and _short(step, spec) not in MADE_AGAIN}
    wanted -= {places[place].urn for place in PLACES if spec.artifact_store.place(place).disposable}
    bare = sorted(step.name for step in plan.resources() if step.urn in wanted and not step.protect)
    if spec.defaults.protected:
        assert len(wanted) > 15
        assert not bare, "protect it, or say in MADE_AGAIN why it can be made again"
    else:
        assert len(bare) > 10, "development can be taken down"


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("stack", STACKS)
def test_a_destroy_takes_ephemeral_places_and_without_protection_the_others(
    stack: str, cloud: str, stack_plan: Callable[..., Plan], stack_spec: Callable[[str], PlatformSpec]
) -> None:
    plan, spec = stack_plan(stack, cloud), stack_spec(stack)
    for name, step in _places(plan, spec).items():
        place = spec.artifact_store.place(name)  # pyright: ignore[reportArgumentType]
        disposable = place.disposable or not (spec.defaults.protected or place.worm or place.legal_hold)
        assert step.protect == (spec.defaults.protected and not place.disposable), f"{name}: {place.retention}"
        # Azure's containers have no such switch: their accounts' policies hold what is locked
        assert cloud == "azure" or (step.inputs.get("forceDestroy") is True) == disposable, f"{name}: {place.retention}"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_is_let_go_without_being_deleted_is_known(cloud: str, stack_plan: Callable[..., Plan]) -> None:
    let_go = {step.type.rpartition(":")[2] for step in stack_plan("prod", cloud).resources() if step.retain_on_delete}
    assert let_go == set(STAYS[cloud]), "say why in STAYS"
