"""Without Git the spec's digest stands in for the commit."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform.provenance import Provenance, digest, provenance
from mlplatform.spec.platform import PlatformSpec


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def test_commit_branch_and_changes(stack_spec: Callable[[str], PlatformSpec], tmp_path: Path) -> None:
    spec = stack_spec("dev")
    git(tmp_path, "init", "-q", "-b", "work")
    assert provenance(spec, tmp_path) == Provenance(digest(spec))  # no commit yet
    (tmp_path / "a").write_text("1")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-q", "-m", "one")
    clean = provenance(spec, tmp_path)
    assert (clean.branch, clean.dirty, len(clean.commit)) == ("work", False, 40)
    assert clean.id == clean.commit
    assert clean.text == f"commit {clean.commit[:12]} on work"
    for name in ("b", "b[1].py"):
        (tmp_path / name).write_text("2")
    (tmp_path / ".gitignore").write_text("b\n")
    assert provenance(spec, tmp_path) == clean, "a file that nobody read"
    assert provenance(spec, tmp_path, [tmp_path / "a"]) == clean
    for name in ("b", "b[1].py", "../elsewhere"):  # ignored, new, outside
        assert provenance(spec, tmp_path, [tmp_path / "a", tmp_path / name]).dirty, name
    (tmp_path / "a").write_text("2")
    dirty = provenance(spec, tmp_path)
    assert dirty.dirty
    assert dirty.id == dirty.digest
    assert "changed since (spec sha256:" in dirty.text
    git(tmp_path, "checkout", "-q", "--detach")
    assert provenance(spec, tmp_path).branch == ""


def test_without_git(
    stack_spec: Callable[[str], PlatformSpec], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    spec = stack_spec("dev")
    found = provenance(spec, tmp_path)
    assert found == Provenance(digest(spec))
    assert found.id == found.digest
    assert found.text == f"spec {found.digest[:19]}"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert provenance(spec, tmp_path) == found


def test_a_digest_is_of_what_the_spec_says(stack_spec: Callable[[str], PlatformSpec]) -> None:
    spec = stack_spec("dev")
    assert digest(spec) == digest(PlatformSpec.model_validate(spec.model_dump(mode="json")))
    assert digest(spec) != digest(spec.overlay(owner="others"))
