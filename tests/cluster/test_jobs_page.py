"""Every job that docs/jobs.md names is one that can run, on each cloud."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from mlplatform.cli.app import cli
from mlplatform.reading.load import load

from ..conftest import CLOUDS, ROOT

PAGE = (ROOT / "docs" / "jobs.md").read_text("utf-8")
COMMANDS = [line for line in PAGE.splitlines() if line.startswith("mlplatform render job ")]
IMAGES = re.findall(r"^export IMAGE=(\S+)$", PAGE, re.MULTILINE)


def test_every_job_of_the_page_is_rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # read once: each command would read it again
    prod = load(ROOT / "stacks" / "prod.py").spec
    monkeypatch.setattr("mlplatform.cli.sides.specs.load_spec", lambda *_: prod)
    assert len(COMMANDS) >= 5
    for cloud, image in zip(CLOUDS, IMAGES, strict=True):
        for command in COMMANDS:
            words = shlex.split(command.replace('"$TARGET"', cloud).replace('"$IMAGE"', image))[1:]
            words = [str(tmp_path / word) if word == "llm.yaml" else word for word in words]
            done = CliRunner().invoke(cli, words)
            assert done.exit_code == 0, f"{cloud}: {command}\n{done.stderr}"
