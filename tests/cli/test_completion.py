"""Completion in a live shell: stacks, files, targets, clouds, systems, fields."""

from __future__ import annotations

import os
import pty
import select
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.shell_completion import BashComplete
from tests.conftest import ROOT

from mlplatform.cli.app import cli


def completed(words: str, incomplete: str) -> set[str]:
    """What the shell is offered."""
    found = BashComplete(cli, {}, "mlplatform", "_MLPLATFORM_COMPLETE").get_completions(words.split(), incomplete)
    return {item.value for item in found if item.type == "plain"}


@pytest.fixture(autouse=True)
def _completing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_MLPLATFORM_COMPLETE", "bash_complete")
    monkeypatch.chdir(ROOT / "docs")  # below the project


@pytest.mark.parametrize(
    ("words", "incomplete", "found"),
    [
        ("validate", "p", {"prod"}),
        ("plan", "", {"base", "dev", "prod", "staging"}),
        ("plan prod --target", "a", {"aws", "azure"}),
        ("plan prod --target", "g", {"gcp"}),
        ("init --cloud", "", {"aws", "azure", "gcp"}),
        ("init --region", "europe-west9", {"europe-west9"}),
        ("render ci --system", "g", {"github", "gitlab"}),
        ("promote --to", "st", {"staging"}),
        ("accelerators", "H200", {"H200:8"}),
        ("machines", "m6i.8", {"m6i.8xlarge"}),
        ("explain", "endpoints.repl", {"endpoints.replicas"}),
        ("plan --format", "j", {"json"}),
    ],
)
def test_what_is_offered(words: str, incomplete: str, found: set[str]) -> None:
    assert completed(words, incomplete) == found


def test_a_command_that_is_none_fails_nothing() -> None:
    assert "validate" in completed("vali", "")


def test_files_are_left_to_the_shell() -> None:
    items = BashComplete(cli, {}, "mlplatform", "_MLPLATFORM_COMPLETE").get_completions(["validate"], "x")
    assert [item.type for item in items] == ["file"]


def test_outside_of_a_project_nothing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert completed("validate", "") == set()
    assert "aws" in completed("plan x --target", "")


class Shell:
    """An interactive bash at a terminal of its own."""

    def __init__(self, folder: Path) -> None:
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            path = os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin", "/bin"))
            os.execve("/bin/bash", ["bash", "--norc", "--noprofile", "-i"], {"PATH": path, "HOME": "/", "PS1": "$ "})

    def type(self, keys: str, until: str, seconds: float = 60) -> str:
        """Type keys; returns what the terminal shows, up to a text."""
        os.write(self.terminal, keys.encode())
        shown, end = "", time.monotonic() + seconds
        while until not in shown and time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.2)[0]:
                shown += os.read(self.terminal, 4096).decode(errors="replace")
        return shown


@pytest.fixture
def shell() -> Iterator[Shell]:
    """A shell with the completion of mlplatform."""
    if shutil.which("bash") is None:
        pytest.skip("no bash on PATH")
    shell = Shell(ROOT)
    shell.type('eval "$(mlplatform completion bash)"; echo rea""dy\n', "ready")
    yield shell
    os.write(shell.terminal, b"\x03\x04")
    os.close(shell.terminal)
    os.waitpid(shell.pid, 0)


@pytest.mark.thorough
def test_a_live_shell_completes(shell: Shell) -> None:
    assert "validate prod" in shell.type("mlplatform valid\tpr\t", "validate prod")
    assert "--target gcp" in shell.type(" && mlplatform plan prod --target g\t", "--target gcp")
    # the line is wrapped where the terminal ends
    assert "atform.yaml" in shell.type(" && mlplatform validate examples/yaml/pl\t", "atform.yaml")
