"""What the runner of proofs promises: a failure fails, what is missing is told and never counted as passed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from . import run


def _proof(folder: Path, name: str, program: str, said: str = "") -> None:
    (folder / name).mkdir()
    (folder / name / "proof.toml").write_text(f'proves = "{name} holds"\n{said}', encoding="utf-8")
    (folder / name / "prove.py").write_text(program, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(run, "HERE", tmp_path)
    monkeypatch.setattr(run, "CACHE", tmp_path / ".proofs")
    return tmp_path


def _main(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["run", *words])
    return run.main()


def test_a_proof_that_passes(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _proof(folder, "good", "print('3 things')")
    assert _main(monkeypatch) == 0
    shown = capsys.readouterr().out
    assert "good: proven" in shown
    assert "processor seconds" in shown
    assert "3 things" in shown
    assert "proofs: 1 passed, 0 failed, 0 skipped" in shown


def test_a_failure_beside_a_success_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _proof(folder, "bad", "print('refused: x'); raise SystemExit(1)")
    _proof(folder, "good", "print('3 things')")
    assert _main(monkeypatch) == 1
    shown = capsys.readouterr().out
    assert "refused: x" in shown
    assert "proofs: 1 passed, 1 failed, 0 skipped" in shown


def test_a_proof_that_says_nothing_proves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _proof(folder, "silent", "")
    assert _main(monkeypatch) == 1


def test_a_missing_tool_is_told_and_not_counted_as_passed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _proof(folder, "engine", "print('never')", 'needs = ["pulumi"]\n')
    monkeypatch.setenv("MLPLATFORM_PULUMI", "/nowhere/pulumi")
    assert _main(monkeypatch) == 0
    shown = capsys.readouterr().out
    assert "Not proven here:\n  engine: engine holds (needs pulumi" in shown
    assert "MLPLATFORM_PULUMI" in shown
    assert "proofs: 0 passed, 0 failed, 1 skipped" in shown


def test_a_python_of_another_version_is_missing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _proof(folder, "older", "print('never')", 'python = "2.6"\n')
    monkeypatch.setenv("MLPLATFORM_PYTHON2_6", sys.executable)
    assert _main(monkeypatch) == 0
    assert "needs python2.6 (put it on PATH, or name it in MLPLATFORM_PYTHON2_6)" in capsys.readouterr().out


def test_a_package_that_cannot_be_installed_is_a_failure(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _proof(folder, "tools", "print('never')")
    (folder / "tools" / "requirements.lock").write_text("no-hash==1\n", encoding="utf-8")
    monkeypatch.setenv("UV", "/bin/false")
    assert _main(monkeypatch) == 1
    assert "its tools cannot be installed" in capsys.readouterr().out


def test_a_slow_proof_runs_only_when_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _proof(folder, "quick", "print('1')")
    _proof(folder, "slow", "print('2')", "slow = true\n")
    assert _main(monkeypatch) == 0
    assert "proofs: 1 passed" in capsys.readouterr().out
    assert _main(monkeypatch, "slow") == 0
    document = tmp_path / "verification.md"
    document.write_text(
        "before\n<!-- prove-all: written by the command -->\nold\n<!-- prove-all: end -->\nafter\n", encoding="utf-8"
    )
    monkeypatch.setattr(run, "DOCUMENT", document)
    assert _main(monkeypatch, "--all") == 0
    text = document.read_text(encoding="utf-8")
    assert "| slow | proven |" in text
    assert "old" not in text
    assert text.startswith("before")
    assert text.endswith("after\n")


def test_an_environment_has_the_name_of_its_lock(folder: Path) -> None:
    _proof(folder, "tools", "")
    lock = folder / "tools" / "requirements.lock"
    lock.write_text("a==1\n", encoding="utf-8")
    (before,) = run.proofs()
    name = run.digest(before)
    lock.write_text("a==2\n", encoding="utf-8")
    assert run.digest(before) != name


def test_an_unknown_name_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _main(monkeypatch, "nothing") == 2
    _proof(folder, "odd", "", 'needs = ["telescope"]\n')
    with pytest.raises(SystemExit, match="telescope"):
        run.proofs()
