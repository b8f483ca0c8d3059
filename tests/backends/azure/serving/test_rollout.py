"""Parameters of the rollout, and what it comes after."""

from __future__ import annotations

import json

import pytest

from mlplatform import CanaryRollout
from mlplatform.spec.rollouts import AllAtOnce

from ....planned import Planned
from .serving import endpoint, workflow_parameters


def test_the_rollout_may_act_before_it_starts(full: Planned) -> None:
    after = full.directly_after("endpoint-scorer-rollout")
    assert {name for name in after if name.startswith("endpoint-scorer-") and "-rollout-" in name}
    for role in ("traffic-rollout-ml-data-scientist", "identity-rollout-identity-operator"):
        assert f"endpoint-scorer-{role}" in after


def test_the_rollout_knows_weights_steps_and_what_to_keep(full: Planned) -> None:
    values = workflow_parameters(full)
    assert [(one["variant"], one["weight"]) for one in values["wanted"]] == [("canary", 10), ("stable", 90)]
    assert values["steps"] == [10, 50, 100]
    assert values["bake"] == 25
    assert len(values["keep"]) == 3
    assert json.loads(values["traffic"]) == {one["name"]: one["weight"] for one in values["wanted"]}


@pytest.mark.parametrize(
    ("rollout", "steps", "bake"), [(AllAtOnce(), [100], 0), (None, [100], 20), (CanaryRollout(), [10, 100], 20)]
)
def test_every_kind_of_rollout_ends_with_all_traffic(rollout: object, steps: list[int], bake: int) -> None:
    values = workflow_parameters(endpoint(model="fraud/7", **({"rollout": rollout} if rollout else {})))
    assert (values["steps"], values["bake"]) == (steps, bake)


@pytest.mark.parametrize(("bake", "watch"), [(1, 15), (5, 15), (10, 20), (60, 70)])
def test_every_alarm_can_fire_within_the_watch(bake: int, watch: int) -> None:
    planned = endpoint(model="m/1", server="triton", rollout=CanaryRollout(steps=(10,), bake_minutes=bake))
    assert workflow_parameters(planned)["bake"] == watch


def test_a_least_number_of_requests_is_asked_of_the_log() -> None:
    canary = CanaryRollout(steps=(10,), least_requests=50)
    planned = endpoint(model="m/1", server="triton", rollout=canary, shadow={"name": "twin", "model": "m/2"})
    values = workflow_parameters(planned)
    assert values["busy"].splitlines()[1:] == [
        f"| where EndpointName =~ '{values['endpoint'].rpartition('/')[2]}'",
        "| where DeploymentName !startswith 'twin-'",
        "| summarize Requests = count() by DeploymentName",
        "| where Requests >= 50",
        "| project DeploymentName",
    ]
    assert values["logs"]
    assert set(values) == set(_definition(planned)["parameters"])


def _definition(planned: Planned) -> dict[str, dict[str, object]]:
    return planned.one("endpoint-scorer-rollout").inputs["definition"]  # type: ignore[return-value]
