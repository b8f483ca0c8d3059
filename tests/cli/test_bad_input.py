"""Bad input ends in exit code 2 with path and fix, without a traceback, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Result

Command = Callable[..., Result]
SpecFile = Callable[..., Path]

POOL = "training:\n  pools:\n    - {name: a, accelerator: 'L4:1', max_nodes: 2"
ENDPOINT = "endpoints:\n  - {name: e"

CASES = {
    "unknown field": ("regoin: x\n", "regoin", "an unknown field", None),
    "unknown field, near miss": (f"{POOL}, max_node: 3}}\n", "training.pools[0].max_node", "did you mean", 10),
    "missing field": ("access: {ci: {system: github}}\n", "access.ci.repository", "add repository", 8),
    "wrong type": ("budget: {monthly_usd: lots, emails: [a@b.co]}\n", "budget.monthly_usd", "a whole number", 8),
    "number for text": ("data_class: 3\n", "data_class", "one of public", 8),
    "wrong choice": ("data_class: publik\n", "data_class", "did you mean 'public'?", 8),
    "name with illegal characters": (
        "registry: {models: [My_Model]}\n",
        "registry.models[0]",
        "write for example 'my-model'",
        8,
    ),
    "name too long": (f"{ENDPOINT}{'x' * 30}}}\n", "endpoints[0].name", "text that matches", 9),
    "unknown accelerator": (
        "training: {pools: [{name: a, accelerator: 'H10:8', max_nodes: 2}]}\n",
        "training.pools[0].accelerator[0]",
        "did you mean H100",
        8,
    ),
    "impossible GPU count": (
        "training: {pools: [{name: a, accelerator: 'H100:3', max_nodes: 2}]}\n",
        "training.pools[0].accelerator",
        "H100:8",
        8,
    ),
    "overlapping CIDRs": (
        "network: {cidr: 10.0.0.0/16, pod_cidr: 10.0.128.0/17}\n",
        "network.cidr",
        "a range that does not overlap pod_cidr, 10.0.128.0/17",
        8,
    ),
    "too few zones": ("network: {zones: 1}\n", "network.zones", "raise it to 2", 8),
    "min above max": (
        f"{POOL}, min_nodes: 5}}\n",
        "training.pools[0].min_nodes",
        "at most max_nodes, 2",
        10,
    ),
    "least above most replicas": (
        f"{ENDPOINT}, replicas: [5, 2]}}\n",
        "endpoints[0].replicas",
        "a minimum that is not above the maximum fix write [2, 5]",
        9,
    ),
    "traffic not 100": (
        f"{ENDPOINT}, variants: [{{name: a, traffic_percent: 50}}, {{name: b, traffic_percent: 40}}]}}\n",
        "endpoints[0].variants",
        "shares of the traffic that sum to 100",
        9,
    ),
    "shadow without primary": (
        f"{ENDPOINT}, shadow: {{model: m/1}}}}\n",
        "endpoints[0].shadow",
        "set model or variants",
        9,
    ),
    "reservation too small": (
        f"{POOL}, capacity: {{kind: reservation, name: r, count: 1}}}}\n",
        "training.pools[0].max_nodes",
        "lower max_nodes or reserve more",
        10,
    ),
    "capacity in a union": (f"{POOL}, capacity: spott}}\n", "training.pools[0].capacity", "did you mean 'spot'?", 10),
    "unknown kind": ("monitoring: {routes: [{kind: pager}]}\n", "monitoring.routes[0].kind", "one of email", 8),
    "same pool twice": (
        "training: {pools: [{name: a, accelerator: L4, max_nodes: 1}, {name: a, accelerator: L4, max_nodes: 1}]}\n",
        "training.pools[1].name",
        "a name that no other pool has; pools[0] has it already",
        8,
    ),
    "budget that tells nobody": ("budget: {monthly_usd: 5}\n", "budget", "set budget.emails", 8),
    "WORM outlives expiry": (
        "artifact_store: {data: {expire_after_days: 5, worm: {days: 30}}}\n",
        "artifact_store.data.expire_after_days",
        "raise expire_after_days to 30 or more",
        8,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refused_spec(case: str, command: Command, spec_file: SpecFile, valid: str) -> None:
    added, path, message, line = CASES[case]
    file = spec_file(valid + added)
    result = command("validate", str(file))
    assert result.code == 2
    assert path in result.out
    assert message in result.flat
    assert "fix" in result.out
    if line:
        assert f"{file}:{line}: {path}" in result.out
    assert "Traceback" not in result.flat


FILES: dict[str, tuple[str | bytes, str, str]] = {
    "empty": ("", "spec.yaml", "an empty file"),
    "only comments": ("# nothing\n", "spec.yaml", "nothing but comments"),
    "not UTF-8": (b"name: caf\xe9\n", "spec.yaml", "0xe9, which is not UTF-8"),
    "broken YAML": ("name: [a\nowner: b\n", "spec.yaml", "a [ that is never closed"),
    "tab": ("name: a\n\towner: b\n", "spec.yaml", "write two spaces for each tab"),
    "control character": ("name: a\x01b\n", "spec.yaml", "control character"),
    "duplicate key": ("name: a\nname: b\n", "spec.yaml", "the key 'name' twice"),
    "two documents": ("name: a\n---\nname: b\n", "spec.yaml", "two documents in one file"),
    "a list": ("- a\n", "spec.yaml", "a mapping of a platform's fields"),
    "python tag": ("name: !!python/object/apply:os.system [ls]\n", "spec.yaml", "remove the tag"),
    "unknown alias": ("name: *a\n", "spec.yaml", "anchor"),
    "endless alias": ("name: &a [*a]\n", "spec.yaml", "an alias inside its own anchor"),
    "deep nesting": ("name: " + "[" * 5000 + "\n", "spec.yaml", "more than 64 levels"),
    "broken JSON": ('{"name": }', "spec.json", "valid JSON"),
    "duplicate key in JSON": ('{"name": "a", "name": "b"}', "spec.json", "the key 'name' twice"),
    "not a number": ('{"name": NaN}', "spec.json", "a finite number"),
    "deep JSON": ("[" * 100_000, "spec.json", "more than 64 levels"),
    "unknown extension": ("name: a\n", "spec.toml", "the extension '.toml'"),
    "too large": ("#" * 5_000_001, "spec.yaml", "more than 5 MB"),
    "broken Python": ("platform = (\n", "spec.py", "valid Python"),
    "raises": ("import os\nx = {}['missing']\n", "spec.py", "KeyError: 'missing'"),
    "raises an empty message": ("raise ValueError\n", "spec.py", "ValueError"),
    "leaves": ("import sys\nsys.exit(0)\n", "spec.py", "the spec ends the process"),
    "recursion": ("def f():\n    return f()\nf()\n", "spec.py", "endless recursion"),
    "no platform": ("x = 1\n", "spec.py", "no platform"),
    "zero bytes in Python": ("x = 1\0\n", "spec.py", "null bytes"),
}


@pytest.mark.parametrize("case", FILES)
def test_unreadable_file(case: str, command: Command, spec_file: SpecFile) -> None:
    text, name, message = FILES[case]
    file = spec_file(text, name)
    before = sorted(file.parent.iterdir())
    result = command("validate", str(file))
    assert result.code == 2
    assert message in result.flat
    assert str(file) in result.out
    assert "fix" in result.out
    assert "Traceback" not in result.flat
    assert sorted(file.parent.iterdir()) == before


def test_alias_bomb_is_refused_before_it_grows(command: Command, spec_file: SpecFile) -> None:
    levels = "".join(f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 10)}]\n" for level in range(1, 12))
    result = command("validate", str(spec_file("l0: &l0 [x, x]\n" + levels)))
    assert result.code == 2
    assert "more than 100,000 values once its aliases are written out" in result.flat


def test_missing_file_proposes_the_nearest(command: Command, spec_file: SpecFile, valid: str) -> None:
    file = spec_file(valid, "prod.yaml")
    result = command("validate", str(file.with_name("prd.yaml")))
    assert result.code == 2
    assert "did you mean" in result.flat
    assert "prod.yaml" in result.out


def test_folder_is_no_spec(command: Command, tmp_path: Path) -> None:
    result = command("validate", str(tmp_path))
    assert result.code == 2
    assert "a folder" in result.out


PYTHON = """\
from mlplatform import AwsTarget, EndpointSpec, PlatformSpec

target = AwsTarget(account_id="123456789012", region="us-east-1")
one = PlatformSpec(name="one", owner="a", cost_center="b", targets=(target,))
two = PlatformSpec(name="two", owner="a", cost_center="b", targets=(target,))
"""


def test_two_platforms_in_one_file(command: Command, spec_file: SpecFile) -> None:
    result = command("validate", str(spec_file(PYTHON, "spec.py")))
    assert result.code == 2
    assert "2 platforms: one, two" in result.flat
    assert "name the one to use `platform`" in result.flat


def test_the_variable_platform_wins(command: Command, spec_file: SpecFile) -> None:
    result = command("validate", str(spec_file(PYTHON + "platform = two\n", "spec.py")))
    assert result.code == 0, result.flat
    assert "platform two" in result.out


def test_plan_of_a_refused_spec_writes_nothing(command: Command, spec_file: SpecFile, valid: str) -> None:
    file = spec_file(valid + "regoin: x\n")
    target = file.with_name("plan.json")
    target.write_text("old")
    result = command("plan", str(file), "--format", "json", "-o", str(target))
    assert result.code == 2
    assert result.out == ""
    assert "regoin" in result.err
    assert target.read_text() == "old"
    assert sorted(entry.name for entry in file.parent.iterdir()) == ["plan.json", "spec.yaml"]


def test_reservation_in_another_zone(command: Command, spec_file: SpecFile, valid: str) -> None:
    bound = valid + (
        "    zones: [us-east-1a, us-east-1b]\n"
        "    reservations: {r: {id: cr-0123456789abcdef0, zone: us-east-1d}}\n"
        "training: {pools: [{name: a, accelerator: 'H100:8', max_nodes: 1, "
        "capacity: {kind: reservation, name: r, count: 1}}]}\n"
    )
    result = command("validate", str(spec_file(bound)))
    assert result.code == 2
    assert "us-east-1d" in result.flat
    assert "targets[0].reservations" in result.out


def test_cloud_that_is_no_target(command: Command, spec_file: SpecFile, valid: str) -> None:
    result = command("plan", str(spec_file(valid)), "--target", "gcp")
    assert result.code == 2
    assert "got 'gcp', expected one of the spec's targets: aws" in result.flat


def test_unknown_cloud_in_a_target(command: Command, spec_file: SpecFile, valid: str) -> None:
    result = command("validate", str(spec_file(valid.replace("cloud: aws", "cloud: awss"))))
    assert result.code == 2
    assert "targets[0].cloud" in result.out
    assert "did you mean 'aws'?" in result.flat
