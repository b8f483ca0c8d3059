"""The step that fetches the released model: what the record says when it runs, with the files of that version."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from mlplatform.monitor.places import MonitorPlace
from mlplatform.services.stores import copy_folder
from mlplatform.steps.program import run

from ..monitor.test_clouds import Aws, Azure, Cloud, Google
from .test_released_now import COPY

FILES = {"model.json": b'{"trees": 3}', "vocabulary/words.txt": b"a\nb\n" * 3_000_000}


def _digests(files: dict[str, bytes]) -> dict[str, str]:
    return {name: f"sha256:{sha256(content).hexdigest()}" for name, content in files.items()}


def _below(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def _release(artifact: str, version: str = "7", **more: object) -> dict[str, Any]:
    return {"model": "fraud", "version": version, "artifact": artifact, "approver": "ana", **more}


class Step:
    """A step on this machine: a store that is a folder, and what the step wrote."""

    def __init__(self, folder: Path) -> None:
        self.store, self.output = folder / "models", folder / "released"
        self.record = self.store / "_released/record.json"

    def add(self, version: str, files: dict[str, bytes]) -> str:
        folder = self.store / "fraud" / version
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return str(folder)

    def say(self, release: dict[str, Any] | None, **changes: object) -> None:
        """Copy a record that names a release as the one with the traffic."""
        version = release["version"] if release else None
        champions = {"retrain": {"model": "fraud", "version": version}}
        releases = {"fraud-scorer": {"main": release}} if release else {}
        self.record.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({**COPY, "champions": champions, "releases": releases, **changes})
        self.record.write_text(text, encoding="utf-8")

    def run(self, *words: str) -> int:
        given = ("--pipeline", "retrain", "--model", "fraud", "--run", "r1", "--output", f"released={self.output}")
        return run(["champion", *given, "--record", str(self.record), *words])

    @property
    def version(self) -> object:
        return json.loads((self.output / "released.json").read_text("utf-8"))["version"]

    @property
    def files(self) -> dict[str, bytes]:
        return _below(self.output / "model")


@pytest.fixture
def step(tmp_path: Path) -> Step:
    return Step(tmp_path)


def test_a_release_during_the_run_is_what_candidates_are_compared_with(step: Step) -> None:
    """The definition still names version 6: its run began before version 7 was released."""
    former = step.add("6", {"model.json": b"6"})
    step.say(_release(step.add("7", FILES), digests=_digests(FILES)))
    assert step.run("--version", "6", "--artifact", former) == 0
    assert (step.version, step.files) == ("7", FILES)


def test_without_a_copy_the_definition_counts(step: Step) -> None:
    assert step.run("--version", "6", "--artifact", step.add("6", {"model.json": b"6"})) == 0
    assert (step.version, step.files) == ("6", {"model.json": b"6"})


@pytest.mark.parametrize("copied", [True, False])
def test_before_the_first_release_there_is_no_model(step: Step, copied: bool) -> None:
    if copied:
        step.say(None)
    assert step.run() == 0
    assert (step.version, step.files) == (None, {})


def test_what_the_record_takes_back_is_not_compared_with(step: Step) -> None:
    step.say(None)
    assert step.run("--version", "6", "--artifact", step.add("6", {"model.json": b"6"})) == 0
    assert (step.version, step.files) == (None, {})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda step: step.record.write_text("{", "utf-8"), "is no copy of a record"),
        (lambda step: (step.store / "fraud/7/model.json").write_bytes(b"other"), "are not those that were released"),
        (lambda step: (step.store / "fraud/7/more").write_bytes(b"more"), "are not those that were released: more"),
        (lambda step: step.say(_release("/nowhere/fraud/7")), "there is no file at /nowhere/fraud/7"),
    ],
    ids=["a broken copy", "another file", "one more file", "no files"],
)
def test_what_nobody_can_tell_ends_the_run(
    step: Step,
    change: Callable[[Step], object],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = {"model.json": b"7"}
    step.say(_release(step.add("7", files), digests=_digests(files)))
    change(step)
    assert step.run("--version", "6") == 4
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("cloud", [Aws, Azure, Google])
def test_a_folder_of_each_cloud_is_copied_whole(
    cloud: type[Cloud], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = cloud(monkeypatch)
    if isinstance(used, Aws):
        used.fake.folders = (*used.fake.folders, "fraud/7/")
    place = MonitorPlace(used.store)
    for name, content in FILES.items():
        place.write(f"fraud/7/{name}", content)
    # the next version begins with the same digit
    place.write("fraud/70/model.json", b"70")
    assert copy_folder(f"{used.store}/fraud/7/", tmp_path, os.environ) == len(FILES)
    assert {
        str(each.relative_to(tmp_path)): each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()
    } == FILES


def test_a_name_leads_out_of_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used = Google(monkeypatch)
    MonitorPlace(used.store).write("fraud/7/../../evil", b"x")
    with pytest.raises(ValueError, match="leads out of its folder"):
        copy_folder(f"{used.store}/fraud/7", tmp_path / "in", {})
    assert not (tmp_path / "evil").exists()
