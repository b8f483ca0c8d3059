"""Principals that AWS refuses."""

from __future__ import annotations

from mlplatform import ClusterSpec, GpuPoolSpec, TeamSpec, TrainingSpec
from mlplatform.backends.aws.backend import BACKEND
from mlplatform.backends.aws.identity.limits import LONGEST_TRUST
from mlplatform.backends.aws.identity.trust import principals_trust

from ....planned import Refusals
from ..conftest import spec, target

_REFUSALS = Refusals(BACKEND, spec)
problems, refused = _REFUSALS.problems, _REFUSALS.refused
TEAM = {
    "training": TrainingSpec(pools=(GpuPoolSpec(name="gpu", accelerator="T4:1", max_nodes=2),)),
    "cluster": ClusterSpec(teams=(TeamSpec("fraud", quota={"gpu": 1}),)),
}


def test_people_are_arns() -> None:
    refused("targets[aws].people.operator", "ARN", targets=(target(people={"operator": ("ops@acme.example",)}),))
    wild = "arn:aws:iam::123456789012:role/*"
    refused("targets[aws].people.operator", "wildcards", targets=(target(people={"operator": (wild,)}),))


def _roles(count: int) -> tuple[str, ...]:
    return tuple(f"arn:aws:iam::123456789012:role/data-science/reader-{number:02}" for number in range(count))


def test_principals_fit_into_a_trust_policy() -> None:
    for field in ({"people": {"operator": _roles(60)}}, {"members": {"fraud": _roles(60)}}):
        name = next(iter(field))
        where = f"targets[aws].{name}.{'operator' if name == 'people' else 'fraud'}"
        refused(where, "60 principals", "at most 2048", "one role", targets=(target(**field),), **TEAM)


def test_as_many_principals_as_the_policy_takes_are_accepted() -> None:
    """The size is that of the policy of the plan, to the character."""
    most = max(count for count in range(1, 60) if len(principals_trust(target(), _roles(count))) <= LONGEST_TRUST)
    assert not problems(targets=(target(people={"operator": _roles(most)}),))
    refused("targets[aws].people.operator", "2048", targets=(target(people={"operator": _roles(most + 1)}),))
