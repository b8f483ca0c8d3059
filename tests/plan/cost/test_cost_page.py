"""The example of docs/cost.md prints what the page shows."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from mlplatform.cli.app import run

_BLOCK = re.compile(r"(?<=-->\n```console\n)(.*?)(?=```)", re.DOTALL)
DAY = "1796083200"
"""2026-12-01: ages of prices are counted to it."""


def test_the_page_shows_what_a_change_costs(
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    page = root / "docs" / "cost.md"
    text = page.read_text(encoding="utf-8")
    (block,) = _BLOCK.findall(text)
    edit, command = (line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ "))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", DAY)
    monkeypatch.setenv("COLUMNS", "100")
    shutil.copy(root / "examples" / "yaml" / "platform.yaml", tmp_path)
    edited, into = edit.split(" > ")
    Path(into).write_bytes(subprocess.run(shlex.split(edited), check=True, capture_output=True).stdout)
    assert Path(into).read_text() != Path("platform.yaml").read_text()
    with pytest.raises(SystemExit) as ended:
        run(shlex.split(command)[1:])
    assert ended.value.code == 0
    shown = f"$ {edit}\n$ {command}\n{capsys.readouterr().out.rstrip()}\n"
    if request.config.getoption("--update-goldens"):
        page.write_text(text.replace(block, shown), encoding="utf-8")
        return
    assert block == shown, "run `make goldens`"
