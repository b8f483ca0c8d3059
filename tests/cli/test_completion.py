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
    """An interactive shell at a terminal of its own.

    Args:
        words: the program with its arguments.
        folder: where it starts.
        home: an empty home of its own.
    """

    def __init__(self, words: tuple[str, ...], folder: Path, home: Path) -> None:
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            path = os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin", "/bin"))
            own = {"PATH": path, "HOME": str(home), "PS1": "$ ", "TERM": "xterm", "COLUMNS": "200"}
            os.execve(shutil.which(words[0]) or "", list(words), own)

    def type(self, keys: str, until: str, seconds: float = 60) -> str:
        """Type keys; returns what the terminal shows, up to a text."""
        os.write(self.terminal, keys.encode())
        shown, end = "", time.monotonic() + seconds
        while until not in shown and time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.2)[0]:
                shown += (new := os.read(self.terminal, 4096).decode(errors="replace"))
                if "[c" in new:  # fish asks what the terminal is, and waits for an answer
                    os.write(self.terminal, b"\x1b[?62;c")
        return shown


STARTS = {
    "bash": (("bash", "--norc", "--noprofile", "-i"), 'eval "$(mlplatform completion bash)"'),
    "zsh": (("zsh", "-f", "-i"), 'autoload -Uz compinit; compinit -u -D; eval "$(mlplatform completion zsh)"'),
    "fish": (("fish", "-i", "--no-config"), "mlplatform completion fish | source"),
}
"""How each shell starts without a person's settings, and how it gets the completion."""


@pytest.fixture(params=STARTS)
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shell]:
    """A shell with the completion of mlplatform."""
    words, start = STARTS[request.param]
    if shutil.which(words[0]) is None:
        pytest.skip(f"no {words[0]} on PATH")
    shell = Shell(words, ROOT, tmp_path)
    shell.type(f'{start}; echo rea""dy\n', "ready")
    yield shell
    os.write(shell.terminal, b"\x03\x04")
    os.close(shell.terminal)
    os.waitpid(shell.pid, 0)


@pytest.mark.thorough
def test_a_live_shell_completes(shell: Shell) -> None:
    # shells draw what is new of a word, with colours in between: its end says enough
    assert "prod" in shell.type("mlplatform valid\tpr\t", "prod")
    assert "gcp" in shell.type(" && mlplatform plan prod --target g\t", "gcp")
    # the line is wrapped where the terminal ends
    assert "atform.yaml" in shell.type(" && mlplatform validate examples/yaml/pl\t", "atform.yaml")
