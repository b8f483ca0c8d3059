"""What nobody can build is refused at validation, with its place and what to do: the layer and everything that uses it.

What is refused of a job is in test_jobs.py, a value that a chart lacks in test_layer.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mlplatform.reading.load import load

from ..conftest import CLOUDS

TARGETS: dict[str, dict[str, Any]] = {
    "aws": {"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"},
    "gcp": {"cloud": "gcp", "project": "acme-ml", "project_number": "123456789012", "region": "us-central1"},
    "azure": {
        "cloud": "azure",
        "subscription_id": "00000000-1111-4222-8333-444444444444",
        "tenant_id": "55555555-6666-4777-8888-999999999999",
        "location": "eastus",
    },
}
MEMBERS = {
    "aws": ["arn:aws:iam::123456789012:role/sso"],
    "gcp": ["user:ann@acme.example"],
    "azure": ["aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee1"],
}
BINDINGS = {
    "aws": {"id": "cr-0123456789abcdef0", "zone": "us-east-1a"},
    "gcp": {"id": "held", "zone": "us-central1-a"},
    "azure": {
        "id": "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/a/providers/Microsoft.Compute"
        "/capacityReservationGroups/held",
        "zone": "1",
    },
}
POOL = {"name": "t4", "accelerator": "T4:1", "max_nodes": 4}


def _pools(**pool: object) -> dict[str, Any]:
    return {"training": {"pools": [{**POOL, **pool}]}}


def _teams(*teams: dict[str, Any]) -> dict[str, Any]:
    return {"cluster": {"teams": list(teams)}}


A, B = {"name": "a", "quota": {"t4": 2}}, {"name": "b", "quota": {"t4": 2}}
BAD: dict[str, tuple[dict[str, Any], dict[str, Any], set[str]]] = {
    "quotas above a pool's maximum": (_teams(A, {**B, "quota": {"t4": 3}}), {}, {"cluster.teams[1].quota.t4"}),
    "a team without a pool": (_teams({"name": "a"}), {}, {"cluster.teams[0].quota"}),
    "a team that can never have a device": (
        _teams({"name": "a", "quota": {"t4": 0}, "borrow": {"t4": 0}}),
        {},
        {"cluster.teams[0].quota"},
    ),
    "a team of a pool that the target leaves out": (
        _teams(A),
        {"pools": {"t4": {"enabled": False}}},
        {"cluster.teams[0].quota"},
    ),
    "a team's name that no namespace can have": (_teams({**A, "name": "A_b"}), {}, {"cluster.teams[0].name"}),
    "a team's name that is too long": (_teams({**A, "name": "a" * 21}), {}, {"cluster.teams[0].name"}),
    "two teams with one member": (_teams(A, B), {"members": {"a": 1, "b": 1}}, {"targets[0].members.b[0]"}),
    "members of no team": (_teams(A), {"members": {"gone": 1}}, {"targets[0].members.gone"}),
    "more clients than pods": (
        _pools(accelerator="A100-80GB:8", sharing={"kind": "time-slicing", "clients": 48}),
        {},
        {"training.pools[0].sharing"},
    ),
    "a reservation that no pool uses": ({}, {"reservations": {"held": 1}}, {"targets[0].reservations.held"}),
    "a reservation for a pool on demand": ({}, {"reservations": {"t4": 1}}, {"targets[0].reservations.t4"}),
    "a reservation for a pool of spot machines": (
        _pools(capacity="spot"),
        {"reservations": {"t4": 1}},
        {"targets[0].reservations.t4"},
    ),
    "an endpoint on a cluster that is not there": (
        {
            "training": None,
            "cluster": None,
            "endpoints": [{"name": "e", "model": "m/1", "on": "cluster", "pool": "t4"}],
        },
        {},
        {"endpoints[0].on"},
    ),
    "an endpoint on a cluster without a layer": (
        {"cluster": None, "endpoints": [{"name": "e", "model": "m/1", "on": "cluster", "pool": "t4"}]},
        {},
        {"endpoints[0].on"},
    ),
    "tracking on a cluster that is not there": (
        {"training": None, "cluster": None, "tracking": {}},
        {},
        {"tracking.server"},
    ),
    "tracking on a cluster without a layer": ({"cluster": None, "tracking": {}}, {}, {"tracking.server"}),
    "tracking in a target that is not there": ({"tracking": {"on": "gone"}}, {}, {"tracking.on"}),
    "tracking whose namespace is the jobs'": (
        {"tracking": {}, "access": {"training_namespace": "tracking"}},
        {},
        {"access.training_namespace"},
    ),
    "tracking whose artefacts are deleted": (
        {"tracking": {}, "artifact_store": {"models": {"expire_after_days": 90}}},
        {},
        {"artifact_store.models.expire_after_days"},
    ),
    "tracking whose artefacts cannot be written again": (
        {"tracking": {}, "artifact_store": {"models": {"worm": {"days": 30}}}},
        {},
        {"artifact_store.models.worm"},
    ),
    "tracking in an image without a tag": ({"tracking": {"image": "ghcr.io/acme/mlflow"}}, {}, {"tracking.image"}),
    "an endpoint on a pool that is not there": (
        {"endpoints": [{"name": "e", "model": "m/1", "on": "cluster", "pool": "gone"}]},
        {},
        {"endpoints[0].pool"},
    ),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_it_is_refused_with_its_place_and_what_to_do(cloud: str, what: str, tmp_path: Path) -> None:
    changes, bound, places = BAD[what]
    target: dict[str, Any] = {**TARGETS[cloud], **bound}
    if "members" in bound:
        target["members"] = dict.fromkeys(bound["members"], MEMBERS[cloud])
    if "reservations" in bound:
        target["reservations"] = dict.fromkeys(bound["reservations"], BINDINGS[cloud])
    body = {"name": "acme", "owner": "ml", "cost_center": "1", "targets": [target], **_pools(), "cluster": {}}
    body |= {"registry": {"models": ["m"]}, **changes}
    file = tmp_path / "spec.json"
    file.write_text(json.dumps(body), encoding="utf-8")
    problems = load(file).problems
    assert {problem.path for problem in problems} == places, problems
    assert all(problem.fix and problem.expected for problem in problems)


@pytest.mark.parametrize(("cloud", "refused"), [("aws", True), ("gcp", False), ("azure", True)])
def test_flex_start_is_of_gke_alone_and_has_no_reservation(cloud: str, refused: bool, tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    target = {**TARGETS[cloud], "reservations": {"t4": BINDINGS[cloud]}}
    body = {"name": "acme", "owner": "ml", "cost_center": "1", "targets": [target], "cluster": {}}
    file.write_text(json.dumps({**body, **_pools(capacity="flex-start")}), encoding="utf-8")
    places = {problem.path for problem in load(file).problems}
    assert places == {"targets[0].reservations.t4", *({"training.pools[0].capacity"} if refused else ())}
