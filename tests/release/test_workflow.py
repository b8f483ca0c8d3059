"""The workflow of a release is valid and safe, and checks every Python that the package says it supports."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import ROOT
from tests.package.pythons import supported

WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"
BIN = Path(sys.executable).parent


def jobs() -> dict[str, Any]:
    return yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]


@pytest.mark.parametrize(
    "command",
    [
        ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
        ("zizmor", "--offline", "--persona", "pedantic", "--min-severity", "low"),
    ],
    ids=lambda command: command[0],
)
@pytest.mark.thorough
def test_its_own_checkers(command: tuple[str, ...]) -> None:
    done = subprocess.run([BIN / command[0], *command[1:], WORKFLOW], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_checks_every_supported_python() -> None:
    assert tuple(jobs()["check"]["strategy"]["matrix"]["python"]) == supported()


def test_nothing_is_built_before_the_checks() -> None:
    assert jobs()["build"]["needs"] == ["check"]


def test_actions_are_pinned_and_rights_are_few() -> None:
    used = re.findall(r"uses: (\S+) #", WORKFLOW.read_text(encoding="utf-8"))
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action in used)
    # the job that runs the tests' own code cannot sign
    assert jobs()["check"]["permissions"] == {"contents": "read"}
    assert "contents" not in {name for name, right in jobs()["build"]["permissions"].items() if right == "write"}


def test_the_targets_it_names_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"\bmake ([a-z-]+)", WORKFLOW.read_text(encoding="utf-8"))
    assert named
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in named)
