"""What `overlay` takes is known to type checkers, and a misspelt keyword is one problem when a spec is read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mlplatform.reading.load import load

from ..conftest import ROOT
from . import typed_overlays

PLANTED = """\
from typing import Literal, assert_type

from mlplatform import AwsTarget, BudgetSpec, EndpointSpec, GpuPoolSpec, PlatformSpec
from mlplatform.spec.target import Target

aws = AwsTarget(account_id="123456789012", region="us-east-1")
pool = GpuPoolSpec(name="a", accelerator="T4:1", max_nodes=3)
base = PlatformSpec(name="acme", owner="ml", cost_center="1", targets=(aws,))


class Toy(Target):
    cloud: Literal["toy"] = "toy"  # pyright: ignore[reportIncompatibleVariableOverride]
    planet: str = "earth"


assert_type(base.overlay(environment="dev", budget=BudgetSpec(monthly_usd=3), tracking=None), PlatformSpec)
assert_type(pool.overlay(accelerator=("H100:8", "A100:8"), max_nodes=4, fabric=True), GpuPoolSpec)
assert_type(aws.overlay(zones=("us-east-1a",), account_id="210987654321"), AwsTarget)
assert_type(Toy().overlay(planet="mars"), Toy)
base.overlay(enviroment="dev")  # wrong: No parameter named "enviroment"
base.overlay(environment=3)  # wrong: cannot be assigned to parameter "environment" of type "str"
base.overlay(budget=100)  # wrong: cannot be assigned to parameter "budget" of type "BudgetSpec | None"
base.overlay(targets=aws)  # wrong: cannot be assigned to parameter "targets"
pool.overlay(max_node=4)  # wrong: No parameter named "max_node"
aws.overlay(project="acme")  # wrong: No parameter named "project"
EndpointSpec(name="a", model="m").overlay(on="clusters")  # wrong: cannot be assigned to parameter "on"
"""


def test_the_types_are_those_of_the_models(request: pytest.FixtureRequest) -> None:
    made = typed_overlays.text()
    if request.config.getoption("--update-goldens"):
        typed_overlays.FILE.write_text(made, encoding="utf-8")
    assert typed_overlays.FILE.read_text(encoding="utf-8") == made, "a model changed: run `make goldens`"


@pytest.mark.thorough
def test_a_type_checker_refuses_what_an_overlay_does_not_take(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(PLANTED, encoding="utf-8")
    settings = {"typeCheckingMode": "standard", "venvPath": str(ROOT), "venv": ".venv"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--project", tmp_path], capture_output=True, text=True
    )
    told = {
        each["range"]["start"]["line"] + 1: each["message"] for each in json.loads(done.stdout)["generalDiagnostics"]
    }
    wrong = {
        number: line.partition("# wrong: ")[2]
        for number, line in enumerate(PLANTED.splitlines(), 1)
        if "# wrong: " in line
    }
    assert told.keys() == wrong.keys(), told
    assert not {number: told[number] for number, words in wrong.items() if words not in told[number]}


@pytest.mark.parametrize(
    ("change", "path", "fix"),
    [
        ('enviroment="dev"', "enviroment", "did you mean 'environment'?"),
        ("environment=3", "environment", ""),
        ("budget=100", "budget", ""),
    ],
)
def test_reading_a_spec_tells_it_in_one_problem(tmp_path: Path, change: str, path: str, fix: str) -> None:
    spec = tmp_path / "spec.py"
    spec.write_text(
        "from mlplatform import AwsTarget, PlatformSpec\n"
        'aws = AwsTarget(account_id="123456789012", region="us-east-1")\n'
        'base = PlatformSpec(name="acme", owner="ml", cost_center="1", targets=(aws,))\n'
        f"platform = base.overlay({change})\n",
        encoding="utf-8",
    )
    (problem,) = load(spec).problems
    assert (problem.path, problem.line) == (path, 4)
    assert fix in problem.fix
