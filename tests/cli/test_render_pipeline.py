"""`mlplatform render pipeline`, as its user sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from .conftest import Result

NAME = "fraud-retrain"


def test_the_example_becomes_a_file_with_what_to_do_and_what_a_run_costs(
    command: Callable[..., Result], root: Path, tmp_path: Path
) -> None:
    example = root / "examples" / "pipelines" / "fraud.yaml"
    done = command("render", "pipeline", NAME, str(example), "--out", str(tmp_path / "new"))
    assert done.code == 0, done.err
    (file,) = (tmp_path / "new").iterdir()
    assert "aws sagemaker create-pipeline" in done.out
    assert "USD of machines, of 25 that max_usd_per_run allows" in done.err
    steps = {step["Name"] for step in json.loads(file.read_text("utf-8"))["Steps"]}
    assert {"ingest", "gate", "register", "score-eu", "score-us"} <= steps


def test_a_pipeline_that_is_not_there_is_refused_with_those_that_are(
    command: Callable[..., Result], root: Path
) -> None:
    done = command("render", "pipeline", "fraud-retrian", str(root / "examples" / "pipelines" / "fraud.yaml"))
    assert done.code == 2
    assert f"it has {NAME}; did you mean {NAME}?" in done.flat
