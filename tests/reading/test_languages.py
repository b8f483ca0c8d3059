"""A fix is written in the language of the spec that it is for."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
import yaml

from mlplatform.reading.load import load
from mlplatform.snippet import Language, Part, Snippet
from mlplatform.spec.problem import Problem

DATA = {
    "name": "acme",
    "owner": "team",
    "cost_center": "1",
    "targets": [{"cloud": "gcp", "project": "acme-ml", "project_number": "123456789012", "region": "us-central1"}],
    "training": {
        "pools": [
            {"name": "a", "accelerator": {"L4": 1}, "max_nodes": 1},
            {"name": "b", "accelerator": [{"nvidia-h100": 8}], "max_nodes": 1},
            {"name": "c", "accelerator": 8, "max_nodes": 1},
            {"name": "d", "accelerator": "GB200:4", "max_nodes": 1},
            {"name": "e", "accelerator": None, "max_nodes": 1},
            {"name": "f", "accelerator": "L4:one", "max_nodes": 1},
        ]
    },
    "endpoints": [
        {"name": "e", "replicas": [5, 2]},
        {"name": "g", "accelerator": "L4", "rollout": {"kind": "canary", "steps": [50, 10]}},
    ],
}
PYTHON = """\
from mlplatform import *
platform = PlatformSpec(
    name="acme", owner="team", cost_center="1",
    targets=(GcpTarget(project="acme-ml", project_number="123456789012", region="us-central1"),),
    training=TrainingSpec(pools=(
        GpuPoolSpec(name="a", accelerator={"L4": 1}, max_nodes=1),
        GpuPoolSpec(name="d", accelerator="GB200:4", max_nodes=1),
    )),
    endpoints=(EndpointSpec(name="e", replicas=(5, 2)),),
)
"""


def fixes(file: Path) -> dict[str, str]:
    return {problem.path: problem.fix for problem in load(file).problems}


def test_yaml(tmp_path: Path) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(yaml.safe_dump(DATA))
    assert fixes(file) == {
        "training.pools[0].accelerator": 'write "L4:1"',
        "training.pools[1].accelerator[0]": 'write "H100:8"',
        "training.pools[2].accelerator": 'write for example "L4:8"',
        "training.pools[3].accelerator": "override the pool in GCP's target: pools: {d: {…}}",
        "training.pools[4].accelerator": 'write for example "L4:1"',
        "training.pools[5].accelerator[0]": 'write "L4:1"',
        "endpoints[0].replicas": "write [2, 5]",
        "endpoints[1].rollout.steps": "write [10, 50]",
    }


def test_json(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text(json.dumps(DATA))
    told = fixes(file)
    assert told["training.pools[3].accelerator"] == 'override the pool in GCP\'s target: "pools": {"d": {…}}'
    assert told["endpoints[0].replicas"] == "write [2, 5]"


def test_python(tmp_path: Path) -> None:
    file = tmp_path / "spec.py"
    file.write_text(PYTHON)
    assert fixes(file) == {
        "training.pools[0].accelerator": 'write "L4:1"',
        "training.pools[1].accelerator": 'override the pool in GCP\'s target: pools={"d": PoolOverride(…)}',
        "endpoints[0].replicas": "write (2, 5)",
    }


@pytest.mark.parametrize(("language", "shown"), [("python", "True"), ("yaml", "true"), ("json", "true")])
def test_values_that_were_found(language: Language, shown: str) -> None:
    assert Problem("training.pools[0].fabric", "True", "a", "b").worded(language).got == shown


SNIPPET = Snippet({"my-pool": Part("PoolOverride", {"accelerator": ["L4:1"], "fabric": False, "zones": None})}, "pools")
VALUE = {"my-pool": {"accelerator": ["L4:1"], "fabric": False, "zones": None}}


def test_a_snippet_is_valid_in_each_language() -> None:
    assert yaml.safe_load(SNIPPET.written("yaml")) == {"pools": VALUE}
    assert json.loads(f"{{{SNIPPET.written('json')}}}") == {"pools": VALUE}
    call = ast.parse(f"f({SNIPPET.written('python')})", mode="eval").body
    assert isinstance(call, ast.Call)
    assert ast.unparse(call.keywords[0]) == (
        "pools={'my-pool': PoolOverride(accelerator=('L4:1',), fabric=False, zones=None)}"
    )
