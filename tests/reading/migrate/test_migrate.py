"""Specs of earlier versions: refused with the way out, and rewritten without losing a comment."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from mlplatform.cli.app import cli
from mlplatform.reading.load import load
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.versions import CURRENT, RENAMES

YAML = """\
# the platform of the fraud team
name: acme   # short
spec_version: 1
owner: ml
cost_center: "1"
targets: [{cloud: aws, account_id: "123456789012", region: us-east-1}]
environment: dev
x: &shared
  - name: a
    # variables
    'environment': {MODE: fast}   # keep
endpoints:
  - {name: b, "environment": {A: "é"}}
  - name: c
    environment:
      A: "1"
"""
OLD = YAML[: YAML.index("x: &")] + YAML[YAML.index("endpoints:") :]
NEW = OLD.replace("spec_version: 1", "spec_version: 2").replace('b, "environment"', 'b, "env"')
NEW = NEW.replace("    environment:\n", "    env:\n")

PYTHON = """\
from mlplatform import AwsTarget, EndpointSpec, PlatformSpec

é = EndpointSpec(name="a", environment={"MODE": "fast"})  # keep
platform = PlatformSpec(
    spec_version=1,
    name="acme",
    environment="dev",
    owner="ml",
    cost_center="1",
    targets=(AwsTarget(account_id="123456789012", region="us-east-1"),),
    endpoints=(
        é,
        EndpointSpec(
            name="b", environment={"A": "1"},
        ),
    ),
)
"""


def _migrate(*words: str) -> Result:
    return CliRunner().invoke(cli, ["migrate", *words])


def test_the_version_is_the_last_rename_s() -> None:
    (version,) = get_args(PlatformSpec.model_fields["spec_version"].annotation)
    assert version == CURRENT == PlatformSpec.model_fields["spec_version"].default
    assert max(rename.since for rename in RENAMES) == CURRENT


def test_an_earlier_spec_is_refused_with_the_command(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_text(OLD, encoding="utf-8")
    found = {problem.path: problem for problem in load(file).problems}
    assert set(found) == {"spec_version", "endpoints[0].environment", "endpoints[1].environment"}
    assert all("mlplatform migrate" in problem.fix for problem in found.values())
    assert "'env'" in found["endpoints[1].environment"].expected


def test_a_later_spec_asks_for_a_later_package(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_text(OLD.replace("spec_version: 1", "spec_version: 99"), encoding="utf-8")
    problem = next(problem for problem in load(file).problems if problem.path == "spec_version")
    assert "upgrade" in problem.fix
    refused = _migrate(str(file))
    assert refused.exit_code == 2
    assert "upgrade" in refused.output


def test_yaml_is_rewritten_with_its_comments(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_text(OLD, encoding="utf-8")
    told = _migrate(str(file), "--check")
    assert told.exit_code == 1
    assert f"{file}:3: " in told.output
    assert file.read_text("utf-8") == OLD
    assert _migrate(str(file), "-o", str(tmp_path / "new.yaml")).exit_code == 0
    assert file.read_text("utf-8") == OLD
    done = _migrate(str(file))
    assert done.exit_code == 0
    (check,) = re.findall(r"`mlplatform (.*)`", done.output)
    assert CliRunner().invoke(cli, shlex.split(check)).exit_code == 0
    assert file.read_text("utf-8") == (tmp_path / "new.yaml").read_text("utf-8") == NEW
    loaded = load(file)
    assert loaded.spec is not None, loaded.problems
    assert loaded.spec.endpoints[0].env == {"A": "é"}
    assert _migrate(str(file), "--check").exit_code == 0


def test_anchors_merges_and_windows_lines(tmp_path: Path) -> None:
    file = tmp_path / "platform.yml"
    text = (
        YAML.replace("spec_version: 1\n", "").replace("x: &shared", "endpoints: &shared").partition("endpoints:\n")[0]
    )
    text = text.replace("\n", "\r\n")
    file.write_bytes(text.encode())
    assert _migrate(str(file)).exit_code == 0
    found = file.read_bytes().decode()
    assert "    'env': {MODE: fast}   # keep\r\n" in found
    assert f"\r\nspec_version: {CURRENT}\r\nname: acme   # short\r\n" in found
    assert load(file).spec is not None


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_json_is_rewritten(indent: int | str | None, tmp_path: Path) -> None:
    spec = {
        "name": "acme",
        "owner": "ml",
        "cost_center": "1",
        "targets": [{"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"}],
        "endpoints": [{"name": "a", "environment": {"environment": "x"}}],
    }
    spec["endpoints"][0]["environment"] = {"ENVIRONMENT": "x"}  # type: ignore[index]
    file = tmp_path / "platform.json"
    file.write_text(json.dumps(spec, indent=indent), encoding="utf-8")
    assert _migrate(str(file)).exit_code == 0
    found = json.loads(file.read_text("utf-8"))
    assert found == {"spec_version": CURRENT, **spec, "endpoints": [{"name": "a", "env": {"ENVIRONMENT": "x"}}]}
    assert load(file).spec is not None


def test_both_names_at_once_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    text = OLD.replace('      A: "1"\n', '      A: "1"\n    env: {}\n')
    file.write_text(text, encoding="utf-8")
    refused = _migrate(str(file))
    assert refused.exit_code == 2
    assert "one of the two" in refused.output
    assert file.read_text("utf-8") == text


@pytest.mark.parametrize("text", ["a: [", "", "- 1\n", "a: b\n---\nc: d\n"])
def test_what_is_no_spec_ends_in_words(text: str, tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_text(text, encoding="utf-8")
    done = _migrate(str(file))
    assert done.exit_code in (0, 1, 2)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert file.read_text("utf-8") == text


def test_a_python_spec_gets_a_patch_that_applies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "platform_spec.py"
    file.write_text(PYTHON, encoding="utf-8")
    assert _migrate(file.name, "--check").exit_code == 1
    done = _migrate(file.name, "-o", "spec.patch")
    assert done.exit_code == 0
    assert "platform_spec.py:14: " in done.output
    assert file.read_text("utf-8") == PYTHON
    subprocess.run(["git", "apply", "spec.patch"], cwd=tmp_path, check=True)
    wanted = PYTHON.replace('"a", environment=', '"a", env=').replace('"b", environment=', '"b", env=')
    assert file.read_text("utf-8") == wanted.replace("spec_version=1", f"spec_version={CURRENT}")
    assert load(file).spec is not None
    assert "nothing to change" in _migrate(file.name).output
