"""Every problem of a spec is told at once, whatever else is wrong and however labels and variables are named."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlplatform.reading.load import load
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.training import GpuPoolSpec

SPEC: dict[str, Any] = {
    "name": "acme",
    "owner": "team",
    "cost_center": "1",
    "targets": [
        {
            "cloud": "gcp",
            "project": "acme-ml",
            "project_number": "123456789012",
            "region": "us-central1",
            "pools": {},
            "endpoints": {},
        }
    ],
    "network": {},
    "artifact_store": {"data": {}},
    "registry": {},
    "training": {
        "pools": [
            {"name": "a", "accelerator": "L4:1", "max_nodes": 2, "labels": {}},
            {"name": "b", "accelerator": "L4:1", "max_nodes": 2, "labels": {}},
        ]
    },
    "cluster": {
        "teams": [{"name": "t", "quota": {"a": 1}}, {"name": "u", "quota": {"b": 1}}],
        "mounts": [{"place": "data"}],
        "notebooks": {
            "login": {
                "client_id": "hub",
                "authorize_url": "https://login.acme.example/authorize",
                "token_url": "https://login.acme.example/token",
                "groups": ["a"],
            },
            "pools": ["a"],
        },
    },
    "endpoints": [
        {"name": "e", "model": "m/1", "env": {}},
        {
            "name": "f",
            "variants": [
                {"name": "x", "model": "m/1", "traffic_percent": 90},
                {"name": "y", "model": "m/2", "traffic_percent": 10},
            ],
            "env": {},
        },
    ],
    "monitoring": {"routes": [{"kind": "email", "address": "a@b.co"}]},
}


@dataclass(frozen=True)
class Bad:
    """A fragment that makes a good spec bad."""

    at: str
    """Path of the part that it changes."""

    change: Mapping[str, object]
    """Fields that it sets there."""

    told: str
    """Path of the problem, below that part."""

    also: frozenset[str] = frozenset()
    """Paths of other problems that the same fragment makes."""


BAD = (
    Bad("training.pools[0]", {"min_nodes": 5}, "min_nodes"),
    Bad("training.pools[0]", {"zones": [1, 1]}, "zones"),
    Bad(
        "training.pools[0]",
        {"capacity": {"kind": "capacity-block", "name": "b", "count": 9, "starts": "2027-01-02", "ends": "2027-01-01"}},
        "capacity.ends",
        also=frozenset({"training.pools[0].capacity.starts"}),
    ),
    Bad("training.pools[0]", {"disk_gib": 1}, "disk_gib"),
    Bad("training.pools[0]", {"name": "Not A Name"}, "name"),
    Bad("training.pools[0]", {"accelerator": {"L4": 1}}, "accelerator"),
    Bad("training.pools[0]", {"taints": [{"key": "?"}]}, "taints[0].key"),
    Bad("training.pools[1]", {"max_nodes": "many"}, "max_nodes"),
    Bad("training.pools[1]", {"max_run_hours": 5}, "max_run_hours"),
    Bad("training.pools[1]", {"disk_type": "slow"}, "disk_type"),
    Bad("training.pools[1]", {"local_nvme": "perhaps"}, "local_nvme"),
    Bad("cluster.teams[0]", {"quota": {"a": 1, "nope": 1}}, "quota.nope"),
    Bad("cluster.teams[0]", {"lend": {"a": 2}}, "lend.a"),
    Bad("cluster.teams[1]", {"quota": {"b": 9}}, "quota.b"),
    Bad("cluster.teams[1]", {"weight": 0}, "weight"),
    Bad("cluster.mounts[0]", {"place": "monitoring"}, "place"),
    Bad("cluster.mounts[0]", {"cache_gib": 0}, "cache_gib"),
    Bad("cluster.notebooks", {"pools": ["a", "nope"]}, "pools[1]"),
    Bad("cluster.notebooks", {"team": "nope"}, "team"),
    Bad("cluster.notebooks", {"image": "no-tag"}, "image"),
    Bad("cluster.notebooks.login", {"groups": []}, "groups"),
    Bad("cluster.notebooks.login", {"name_claim": "?"}, "name_claim"),
    Bad("targets[0]", {"members": {"nope": ["user:a@b.co"]}}, "members.nope"),
    Bad("endpoints[0]", {"server": "custom"}, "server"),
    Bad("endpoints[0]", {"replicas": [5, 2]}, "replicas"),
    Bad("endpoints[0]", {"on": "cluster"}, "pool"),
    Bad("endpoints[1]", {"pool": "web"}, "pool"),
    Bad("endpoints[0]", {"autoscaling": {"metric": "cpu", "target": 99}}, "autoscaling.target"),
    Bad("endpoints[0]", {"rollout": {"kind": "canary", "steps": [50, 10]}}, "rollout.steps"),
    Bad("endpoints[0]", {"name": "Not A Name"}, "name"),
    Bad("endpoints[0]", {"shadow": {"name": "main", "model": "m/2"}}, "shadow.name"),
    Bad("endpoints[0]", {"timeout_seconds": 0}, "timeout_seconds"),
    Bad("endpoints[0]", {"startup_seconds": 30}, "startup_seconds"),
    Bad("endpoints[1]", {"model": "m/9"}, "model"),
    Bad("endpoints[1].variants[1]", {"traffic_percent": 30}, "../variants"),
    Bad("endpoints[1].variants[1]", {"image": "Not An Image"}, "image"),
    Bad("endpoints[1]", {"capture_percent": 101}, "capture_percent"),
    Bad("artifact_store.data", {"worm": {"days": 30}, "expire_after_days": 10}, "expire_after_days"),
    Bad("network", {"pod_cidr": "10.40.0.0/16"}, "pod_cidr"),
    Bad("network", {"service_cidr": "9.0.0.0/16"}, "service_cidr"),
    Bad("registry", {"models": ["fraud", "fraud"]}, "models[1]"),
    Bad("targets[0].pools", {"nope": {"fabric": False}}, "nope"),
    Bad("targets[0].endpoints", {"nope": {"replicas": [1, 2]}}, "nope"),
    Bad("targets[0]", {"zones": ["us-central1-x"]}, "zones"),
    Bad("", {"environment": "Not An Environment"}, "environment"),
    Bad("", {"owner": "Not An Owner"}, "owner"),
    Bad("", {"name": "Not A Name"}, "name"),
    Bad("", {"regoin": "x"}, "regoin"),
)

FIELD_NAMES = sorted({*GpuPoolSpec.model_fields, *EndpointSpec.model_fields, "worm", "routes", "emails", "targets"})


def part(spec: dict[str, Any], path: str) -> dict[str, Any]:
    found: Any = spec
    for name in path.replace("[", ".").replace("]", "").split(".") if path else ():
        found = found[int(name) if name.isdecimal() else name]
    return found


def told(bad: Bad) -> str:
    if bad.told.startswith("../"):
        return f"{bad.at.rpartition('.')[0]}.{bad.told[3:]}"
    return f"{bad.at}.{bad.told}".strip(".")


def combined(fragments: list[Bad], noise: list[str]) -> tuple[dict[str, Any], set[str]]:
    """A spec with several things wrong, and the paths of all of them."""
    spec = deepcopy(SPEC)
    for bad in fragments:
        part(spec, bad.at).update(deepcopy(dict(bad.change)))
    wanted = {path for bad in fragments for path in (told(bad), *bad.also)}
    if not wanted.isdisjoint({"training.pools[0].name", "endpoints[0].name"}):
        # the unknown name may be the one that was meant there
        wanted -= {"targets[0].pools.nope", "targets[0].endpoints.nope", "cluster.teams[0].quota.nope"}
        wanted -= {"cluster.notebooks.pools[1]"}
    for name in noise:
        part(spec, "training.pools[0]")["labels"][name] = "not ok!"
        part(spec, "endpoints[0]")["env"][name] = "x"
        wanted |= {f"training.pools[0].labels.{name}", f"endpoints[0].env.{name}"}
    return spec, wanted


def paths(spec: dict[str, Any], folder: Path) -> set[str]:
    file = folder / "spec.json"
    file.write_text(json.dumps(spec))
    return {problem.path for problem in load(file).problems}


@pytest.mark.parametrize("bad", BAD, ids=told)
def test_each_is_told_alone(bad: Bad, tmp_path: Path) -> None:
    spec, wanted = combined([bad], [])
    assert paths(spec, tmp_path) == wanted


@given(st.lists(st.sampled_from(BAD), unique_by=told, min_size=1), st.lists(st.sampled_from(FIELD_NAMES), max_size=3))
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_all_are_told_together(
    tmp_path_factory: pytest.TempPathFactory, fragments: list[Bad], noise: list[str]
) -> None:
    spec, wanted = combined(fragments, noise)
    assert wanted <= paths(spec, tmp_path_factory.mktemp("spec"))


def test_all_of_them_with_every_name(tmp_path: Path) -> None:
    fragments = list(BAD)
    random.Random(0).shuffle(fragments)
    spec, wanted = combined(fragments, FIELD_NAMES)
    assert wanted <= paths(spec, tmp_path)
