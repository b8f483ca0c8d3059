"""`mlplatform render pipeline`, as its user sees it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from mlplatform.cli.app import main

from .fraud import EXAMPLE

NAME = "fraud-retrain"


def test_the_example_becomes_a_file_with_what_to_do_and_what_a_run_costs(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["render", "pipeline", NAME, str(EXAMPLE), "--out", str(tmp_path / "new")])
    assert done.exit_code == 0, done.output
    (file,) = (tmp_path / "new").iterdir()
    assert "aws sagemaker create-pipeline" in done.stdout
    assert "USD of machines, of 25 that max_usd_per_run allows" in done.stderr
    steps = {step["Name"] for step in json.loads(file.read_text("utf-8"))["Steps"]}
    assert {"ingest", "gate", "register", "score-eu", "score-us"} <= steps


def test_a_pipeline_that_is_not_there_is_refused_with_those_that_are() -> None:
    done = CliRunner().invoke(main, ["render", "pipeline", "fraud-retrian", str(EXAMPLE)])
    assert done.exit_code == 2
    assert f"it has {NAME}; did you mean {NAME}?" in done.stderr
