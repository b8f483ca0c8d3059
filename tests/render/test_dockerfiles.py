"""Dockerfiles of the project, and those that commands write: BuildKit reads them, and what they build on is pinned."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ..conftest import ROOT

FILES = sorted(
    file
    for folder in ("platform", "templates", "examples")
    for file in (ROOT / folder).rglob("Dockerfile*")
    if "node_modules" not in file.parts
)


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_the_known_ones_are_found() -> None:
    """Else the next tests could not fail."""
    assert {
        "examples/training/Dockerfile",
        "platform/mlplatform/render/features/Dockerfile.in",
        "templates/project/Dockerfile.j2",
        "templates/steps/Dockerfile",
    } <= set(map(_name, FILES))


@pytest.mark.parametrize("file", FILES, ids=_name)
def test_bases_and_packages_are_pinned(file: Path) -> None:
    lines = file.read_text("utf-8").replace("\\\n", " ").splitlines()
    bases = [line for line in lines if line.startswith("FROM ")]
    assert bases
    assert all(re.fullmatch(r"FROM \S+:\S+@sha256:[0-9a-f]{64}( AS \S+)?", line) for line in bases), bases
    installs = [part for line in lines if line.startswith("RUN ") for part in line.split("&&") if "pip install" in part]
    for words in installs:
        assert "--no-cache-dir" in words, "what is downloaded would stay in the image"
        packages = [word for word in words.split("pip install")[1].split() if not word.startswith("-")]
        from_file = {"--require-hashes", "--no-index", "--requirement"} & set(words.split())
        assert from_file or all("==" in package for package in packages), words


@pytest.mark.parametrize("file", FILES, ids=_name)
def test_buildkit_reads_it(file: Path) -> None:
    if shutil.which("readdockerfile") is None:
        pytest.skip("no `readdockerfile` on PATH: `make prove ONE=ci` builds it")
    text = file.read_text("utf-8")
    assert _read(text) == "", text
    assert "unknown instruction" in _read(text.replace("FROM ", "FROM scratch\nFORM ", 1))
    assert _read(text.replace("COPY ", "COPY --form=", 1))


def _read(text: str) -> str:
    """What BuildKit says against it; empty where nothing is."""
    done = subprocess.run(["readdockerfile"], input=text, capture_output=True, text=True)
    assert bool(done.stderr) == bool(done.returncode)
    return done.stderr
