"""The commands under *Next* are typed as they stand there, one after another: they lead to a platform that serves."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.told import filled, next_commands

from mlplatform.mock_cloud import Cloud
from mlplatform.mock_cloud.way_in import Caller, call_api
from mlplatform.reading.load import load
from mlplatform.spec.platform import PlatformSpec

from ..conftest import CLOUDS, ROOT
from .gates import needs_engine, only_rehearsed
from .runbook.desk import TOOLS, Desk, Held, copy_project, open_desk_of, use_this_python

WORDS = {"MODEL": "any", "VERSION": "7", "FOLDER": "artefacts", "NAME": "ana"}
"""What a person writes for the words in capitals."""


def _made_by_init(folder: Path) -> None:
    clouds = [word for cloud in CLOUDS for word in ("--cloud", cloud)]
    init = [sys.executable, "-m", "mlplatform", "init", str(folder), "--yes", "--size", "small", *clouds]
    subprocess.run(init, check=True, capture_output=True)
    use_this_python(folder / "Pulumi.yaml", folder)


def _ours(folder: Path) -> None:
    copy_project(ROOT, folder)


def _spec(folder: Path) -> PlatformSpec:
    spec = load(folder / "stacks" / "dev.py").spec
    assert spec is not None
    return spec


@needs_engine
@only_rehearsed()
@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("write", [_made_by_init, _ours])
def test_the_next_commands_are_followed(write: Callable[[Path], None], cloud: str, tmp_path: Path) -> None:
    write(tmp_path / "looked-at")
    target = _spec(tmp_path / "looked-at").target(cloud)
    with open_desk_of(target, write, tmp_path / "desk") as (mock, inner, desk):
        model = desk.folder / "artefacts" / "model.bin"
        model.parent.mkdir()
        model.write_text("weights", encoding="utf-8")
        planned = desk.type(f"mlplatform plan dev --target {cloud}")
        told = next_commands(planned)
        # what the spec itself must change first has no command
        blocked = re.findall(r"before (\S+) can be released", " ".join(planned.split()))
        assert told[:2] == [
            f"mlplatform bootstrap dev --target {cloud} -o bootstrap.sh",
            f"pulumi stack init dev-{cloud}",
        ]
        ways_in = [command for command in told if command.split()[0] in TOOLS]
        for command in (command for command in told if command not in ways_in):
            _type(desk, filled(command, WORDS) if command.startswith("mlplatform") else command)
            mock.drift("rolled out")
            mock.run()
        _enter(desk, cloud, mock, ways_in)
        assert inner.contents(), "the stack inside the cluster is made"
        endpoints = json.loads(desk.type(f"pulumi stack output --stack dev-{cloud} --json endpoints"))
        assert endpoints
        serving = {name for name, about in endpoints.items() if about["phase"] == "serving"}
        assert serving == endpoints.keys() - set(blocked)
        # nothing is left to do but to look and to deploy
        left = next_commands(desk.type(f"mlplatform plan dev --target {cloud}"))
        assert not [command for command in left if command.startswith("mlplatform promote")]


@needs_engine
@only_rehearsed()
@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_next_commands_of_the_bootstrap_are_followed(cloud: str, tmp_path: Path) -> None:
    target = _spec(ROOT).target(cloud)
    with open_desk_of(target, _ours, tmp_path / "desk") as (mock, _, desk):
        told = desk.type(f"mlplatform bootstrap dev --target {cloud} --program 'what is first' 2>&1")
        (command,) = re.findall(r"^next, .*: `(.*)`$", told, re.MULTILINE)
        desk.type(command)
        assert mock.contents()


def _type(desk: Desk, command: str) -> None:
    """Type a command; and then what it says is next."""
    printed = desk.type(command)
    if "\nnext: " in printed:
        for further in re.findall(r"`([^`]+)`", printed.partition("\nnext: ")[2]):
            desk.type(further)


def _enter(desk: Desk, cloud: str, mock: Cloud, ways_in: list[str]) -> None:
    """Whoever the target names as an operator gets in by the commands that the plan showed."""
    assert ways_in
    shown = json.loads(desk.type(f"pulumi stack output --stack dev-{cloud} --json clusterAccess"))
    assert ways_in == shown
    held = [Held(each.token, each.inputs) for each in mock.contents()]
    for operator in _spec(desk.folder).target(cloud).people.get("operator", ()):
        assert "admin" in call_api(cloud, held, tuple(ways_in), Caller(person=operator, inside=False)).lower()
