"""Whatever is done to a good spec, loading ends in a spec or in problems, never in an exception."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlplatform.reading.load import load

SPEC: dict[str, object] = {
    "name": "acme",
    "environment": "prod",
    "owner": "team",
    "cost_center": "1",
    "tags": {"a": "b"},
    "targets": [
        {
            "cloud": "aws",
            "account_id": "123456789012",
            "region": "us-east-1",
            "reservations": {"r": {"id": "cr-0123456789abcdef0", "zone": "us-east-1a"}},
            "pools": {"a": {"fabric": False, "capacity": "spot"}},
            "endpoints": {"e": {"accelerator": "none", "replicas": [1, 2]}},
        }
    ],
    "network": {"cidr": "10.0.0.0/16"},
    "access": {"ci": {"repository": "a/b"}},
    "artifact_store": {"data": {"worm": {"days": 3}}},
    "training": {
        "pools": [
            {"name": "a", "accelerator": "L4", "max_nodes": 2, "sharing": {"kind": "time-slicing", "clients": 2}},
            {
                "name": "b",
                "accelerator": ["H100:8"],
                "max_nodes": 1,
                "capacity": {"kind": "reservation", "name": "r", "count": 1},
                "taints": [{"key": "k"}],
            },
        ]
    },
    "endpoints": [
        {
            "name": "e",
            "variants": [
                {"name": "x", "model": "m/1", "traffic_percent": 90},
                {"name": "y", "model": "m/2", "traffic_percent": 10},
            ],
            "rollout": {"kind": "canary", "steps": [10], "bake_minutes": 5},
            "env": {"A": "b"},
            "slo": {"latency_ms": 5},
        }
    ],
    "monitoring": {"routes": [{"kind": "email", "address": "a@b.co"}, {"kind": "pagerduty"}]},
    "budget": {"monthly_usd": 5},
}

VALUES: list[object] = [
    None, 0, -1, 10**30, 1.5, True, "", "x", "Ünï", "x" * 5000, [], {}, [1], [[[]]], {"a": 1}, {"": ""},
    {"kind": "spot"}, {"kind": "reservation"}, ["L4", "H10"], "10.0.0.0/8", "none",
]  # fmt: skip
NAMES = ("x", "kind", "cloud", "na me", "replicas", "a.b", "__init__", "[key]")


def places(value: object, at: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Every place in nested data."""
    if at:
        yield at
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*at, index))


def mutate(chance: random.Random) -> object:
    """The spec with a few things wrong."""
    data = json.loads(json.dumps(SPEC))
    for _ in range(chance.randint(1, 4)):
        *parents, last = chance.choice(list(places(data)))
        owner = data
        for part in parents:
            owner = owner[part]
        match chance.randrange(4):
            case 0 | 1:
                owner[last] = chance.choice(VALUES)
            case 2:
                del owner[last]
            case _ if isinstance(owner, dict):
                owner[chance.choice(NAMES)] = chance.choice(VALUES)
            case _:
                owner.append(owner[last])
    return data


def test_the_unchanged_spec_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text(json.dumps(SPEC))
    assert load(file).problems == ()


@pytest.mark.parametrize("seed", range(4))
def test_mutated_specs(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    file = tmp_path / "spec.json"
    for _ in range(40):
        file.write_text(json.dumps(mutate(chance)))
        loaded = load(file)
        assert bool(loaded.spec) != bool(loaded.problems), file.read_text()
        for problem in loaded.problems:
            assert problem.expected, problem
            assert problem.fix, problem
            assert len(problem.got) <= 80, problem
