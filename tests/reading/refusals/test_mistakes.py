"""Mistakes that people make in a spec: each is one problem, with its place, what was found and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplatform.reading.load import load

BASE = """name: acme
environment: dev
owner: a
cost_center: b
targets:
  - cloud: aws
    account_id: "123456789012"
    region: us-east-1
"""
POOL = f"{BASE}training:\n  pools:\n    - name: gpu\n      max_nodes: 2\n      accelerator: "
CPU = f"{BASE}training:\n  cpu_pools:\n    - name: cpu\n      max_nodes: 1\n      "
ENDPOINT = f"{BASE}endpoints: [{{name: e, replicas: "
YAML = {
    "a count behind a space": (f"{POOL}H100 8\n", "training.pools[0].accelerator[0]", "'H100 8'", 'write "H100:8"'),
    "several in one text": (f'{POOL}"L4, T4"\n', "training.pools[0].accelerator[0]", "'L4, T4'", '["L4", "T4"]'),
    "a truth for a number": (f"{CPU}min_nodes: true\n", "training.cpu_pools[0].min_nodes", "'true'", "write digits"),
    "a size with a unit": (f"{CPU}memory_gib: 16Gi\n", "training.cpu_pools[0].memory_gib", "'16Gi'", "write digits"),
    "a zone for a region": (BASE.replace("east-1", "east-1a"), "targets[0].region", "'us-east-1a'", "us-east-1?"),
    "nothing for a text": (BASE.replace("name: acme", "name:"), "name", "nothing", "write one"),
    "half of a pair": (f"{ENDPOINT}[1]}}]\n", "endpoints[0].replicas[1]", "nothing", "write what is missing"),
    "named ends of a range": (
        f"{ENDPOINT}{{min: 1, max: 4}}}}]\n",
        "endpoints[0].replicas",
        "a mapping",
        "values alone",
    ),
    "names for a list": (
        f"{BASE}endpoints:\n  first:\n    server: triton\n",
        "endpoints",
        "a mapping",
        "a field: first",
    ),
    "clouds for a list": (
        BASE.partition("targets")[0] + "targets:\n  aws: {region: us-east-1}\n",
        "targets",
        "a mapping",
        "its cloud as a field: aws",
    ),
    "another tool's file": ("apiVersion: v1\nkind: Pod\n", "", "an object of Kubernetes, Pod", "that has the spec"),
    "a merge conflict": (f"<<<<<<< HEAD\n{BASE}=======\n>>>>>>> x\n", "", "a merge conflict", "keep one of the two"),
    "a space of a web page": (BASE.replace("owner: a", "owner:\u00a0a"), "", "U+00A0", "type a space"),
}
JSON = {
    "a comma too many": ('{"name": "acme",}', "remove the comma behind the last entry"),
    "single quotes": ("{'name': 'acme'}", "write double quotes"),
    "a comment": ('{"name": "acme" // mine\n}', "remove the comment"),
    "a word of Python": ('{"name": None}', "write true, false or null"),
    "a comma too few": ('{"name": "acme" "owner": "a"}', "write the comma"),
}
PYTHON = (
    "from mlplatform import *\n"
    'platform = PlatformSpec(name="acme", environment="dev", owner="a", cost_center="b", {}\n'
    '    targets=(AwsTarget(account_id="123456789012", region="us-east-1"),))\n'
)
IN_PYTHON = {
    "an address that is none": (
        'monitoring=MonitoringSpec(routes=(EmailRoute("nope"),)),',
        "monitoring.routes[0].address",
        "'nope'",
        "change it",
    ),
    "a class": ("training=TrainingSpec,", "training", "the class TrainingSpec itself", "TrainingSpec()"),
    "a truth for a number": (
        'training=TrainingSpec(cpu_pools=(CpuPoolSpec(name="a", max_nodes=True),)),',
        "training.cpu_pools[0].max_nodes",
        "'true'",
        "write digits",
    ),
}


def one(file: Path, text: str) -> tuple[str, str, str, int | None]:
    """Path, what was found, the fix and the line of the only problem."""
    file.write_text(text, encoding="utf-8")
    (problem,) = load(file).problems
    assert problem.expected
    return problem.path, problem.got, problem.fix, problem.line


@pytest.mark.parametrize("case", YAML)
def test_a_mistake_in_yaml_is_one_problem(case: str, tmp_path: Path) -> None:
    text, path, got, fix = YAML[case]
    found = one(tmp_path / "spec.yaml", text)
    assert found[0] == path
    assert got in found[1]
    assert fix in found[2]
    assert found[3]


@pytest.mark.parametrize("case", JSON)
def test_a_mistake_in_json_says_what_to_write(case: str, tmp_path: Path) -> None:
    text, fix = JSON[case]
    assert fix in one(tmp_path / "spec.json", text)[2]


@pytest.mark.parametrize("case", IN_PYTHON)
def test_a_mistake_in_python_is_one_problem(case: str, tmp_path: Path) -> None:
    text, path, got, fix = IN_PYTHON[case]
    found = one(tmp_path / "spec.py", PYTHON.replace("{}", text))
    assert found[0] == path
    assert got in found[1]
    assert fix in found[2]
    assert found[3] == 2


def test_what_is_refused_in_the_base_is_told_there_alone(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text(PYTHON.replace("acme", "Acme").replace("{}", ""))
    (tmp_path / "dev.py").write_text("from base import platform as base\nplatform = base.overlay(environment='dev')\n")
    (tmp_path / "own.py").write_text("from dev import platform as base\nplatform = base.overlay(owner=3)\n")
    found = [(Path(each.file or "").name, each.line, each.path) for each in load(tmp_path / "own.py").problems]
    assert found == [("own.py", 2, "owner"), ("base.py", 2, "name")]


def test_modules_that_import_each_other_are_told(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("from spec import platform\n")
    _, got, fix, _ = one(tmp_path / "spec.py", "from other import platform\n")
    assert "import each other" in got
    assert "a third module" in fix
