"""A folder that cannot be made, or a file that cannot be written, is told as bad input and never as a bug."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from mlplatform import PlatformSpec
from mlplatform.cli.app import cli
from mlplatform.reading.partial import Unacceptable
from mlplatform.reading.record_file import write_record
from mlplatform.spec.releases import ReleaseRecord

from ..conftest import ROOT
from ..render.test_programs import NAME, write_wheel
from .conftest import Result

PROD = str(ROOT / "stacks" / "prod.py")
FOLDERS = {
    "bootstrap": (PROD, "--target", "gcp", "--program"),
    "init": ("--yes", "--name", "acme", "--cloud", "aws", "--region", "us-east-1"),
    "new": ("backend", "acme", "--out"),
    "render ci": (PROD, "--system", "github", "--tool", "checkout", "--out"),
    "render dashboards": (PROD, "--target", "aws", "--out"),
    "render features": (PROD, "--target", "aws", "--out"),
    "render manifests": (PROD, "--target", "aws", "--out"),
    "render pipeline": ("fraud-retrain-aws", PROD, "--out"),
    "render programs": ("--wheel", NAME, "--out"),
}
"""Commands that write a folder: what comes before its name."""

ELSEWHERE = {"import-model"}
"""It needs a hub: tests/promote/test_import.py has its case."""


def _commands(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(click.Context(group)):
        found = group.get_command(click.Context(group), name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from _commands(found, f"{above}{name} ")
        else:
            yield f"{above}{name}", found


def test_every_command_that_writes_a_folder_is_here() -> None:
    writes = {
        name
        for name, command in _commands(cli)
        for option in command.params
        if isinstance(option.type, click.Path) and not option.type.file_okay and not option.type.exists
    }
    assert writes == {*FOLDERS, *ELSEWHERE}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_below_a_file_is_refused(name: str, command: Callable[..., Result], tmp_path: Path) -> None:
    write_wheel(tmp_path)
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    done = command(*name.split(), *FOLDERS[name], str(tmp_path / "file" / "below"))
    assert done.code == 2, done.flat
    assert "internal error" not in done.flat
    assert (tmp_path / "file").read_text(encoding="utf-8") == "kept"


def test_a_record_that_cannot_be_written_is_refused(tmp_path: Path, stack_spec: Callable[[str], PlatformSpec]) -> None:
    (tmp_path / "models").write_text("", encoding="utf-8")
    spec = stack_spec("dev")
    with pytest.raises(Unacceptable) as refused:
        write_record(tmp_path / "models" / "dev.json", ReleaseRecord(platform=spec.name, environment=spec.environment))
    (problem,) = refused.value.problems
    assert "it cannot be written" in problem.got
    assert problem.file == str(tmp_path / "models" / "dev.json")
