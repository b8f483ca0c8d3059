"""A standard output that takes nothing: exit code 2 and one sentence, whatever the command; files stay whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PREVIEW = str(Path(__file__).parents[1] / "plan" / "fixtures" / "preview.json")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


def _run(command: str, streams: str) -> subprocess.CompletedProcess[str]:
    python = f"'{sys.executable}' -m mlplatform"
    return subprocess.run(
        ["sh", "-c", f"{python} {command} {streams}"], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("command", ["--version", f"risk {PREVIEW}"])
@pytest.mark.parametrize(
    ("streams", "reason"), [(">&-", "it is closed"), pytest.param(">/dev/full", "No space left on device", marks=FULL)]
)
def test_an_output_that_takes_nothing_is_told(command: str, streams: str, reason: str) -> None:
    done = _run(command, streams)
    assert done.returncode == 2, done
    assert f"standard output cannot be written: {reason}" in done.stderr
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr


def test_with_every_stream_closed_a_file_is_still_written(tmp_path: Path) -> None:
    file = tmp_path / "diff.json"
    done = _run(f"diff {PREVIEW} --format json -o '{file}'", "<&- >&- 2>&-")
    assert done.returncode == 0, done
    assert file.read_text().startswith("{")
    assert [entry.name for entry in tmp_path.iterdir()] == ["diff.json"]


@FULL
def test_a_full_error_output_does_not_hide_the_code() -> None:
    assert _run("validate nothing-of-this-name", "2>/dev/full").returncode == 2


def test_a_disk_that_is_full_leaves_the_old_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlplatform.reading import record_file
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.spec.releases import ReleaseRecord

    file = tmp_path / "models" / "prod.json"
    record = ReleaseRecord(platform="acme", environment="prod")
    record_file.write_record(file, record)
    before = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Unacceptable) as told:
        record_file.write_record(file, record)
    assert "No space" in str(told.value.problems[0].got)
    assert file.read_bytes() == before
    assert [entry.name for entry in file.parent.iterdir()] == ["prod.json"]
