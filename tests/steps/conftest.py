"""Test rows with a known truth, and a gate that judges them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlplatform.spec.gates import GateSpec
from mlplatform.steps.cannot_judge import CannotJudge
from mlplatform.steps.evidence import read_evidence
from mlplatform.steps.judge import judge
from mlplatform.steps.released_now import NoCopy, ReleasedNow
from mlplatform.steps.verdict import GateVerdict, Judgement


def columns(
    rows: int = 600, *, candidate: float = 1.5, released: float | None = 1.5, seed: int = 1
) -> dict[str, list[Any]]:
    """Scores of two models; the higher the strength, the better it tells the labels apart."""
    generator = np.random.default_rng(seed)
    label = (generator.random(rows) < 0.4).astype(float)
    shared = generator.normal(size=rows)

    def scores(strength: float) -> list[float]:
        raw = strength * (label - 0.4) + 0.7 * shared + 0.7 * generator.normal(size=rows)
        return list(1 / (1 + np.exp(-raw)))

    made: dict[str, list[Any]] = {
        "id": [f"r{row}" for row in range(rows)],
        "label": [int(value) for value in label],
        "score": scores(candidate),
        "country": [("DE", "FR")[row % 2] for row in range(rows)],
    }
    if released is not None:
        made["released_score"] = scores(released)
    return made


class Rows:
    """The folders that a gate reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(
        self,
        values: Mapping[str, Sequence[Any]] | None = None,
        metrics: Mapping[str, Any] | str | None = None,
        released: str | None = '{"version": "7"}',
    ) -> dict[str, Path]:
        for name in ("metrics", "predictions"):
            (self.folder / name).mkdir(exist_ok=True)
        text = metrics if isinstance(metrics, str) else json.dumps(metrics or {"recall": 0.9})
        (self.folder / "metrics/metrics.json").write_text(text, encoding="utf-8")
        if values is not None:
            pq.write_table(pa.table(dict(values)), self.folder / "predictions/predictions.parquet")
        if released is not None:
            (self.folder / "predictions/released.json").write_text(released, encoding="utf-8")
        return {name: self.folder / name for name in ("metrics", "predictions")}

    def judge(
        self,
        gate: Mapping[str, Any],
        *,
        record: ReleasedNow | NoCopy | CannotJudge | None = None,
        **given: Any,  # noqa: ANN401
    ) -> GateVerdict:
        spec = GateSpec.model_validate({"thresholds": [{"metric": "recall", "at_least": 0.8}], **gate})
        seen = replace(read_evidence(spec, self.write(**given)), record=record)
        return judge(spec, seen, pipeline="retrain", model="fraud", run="r1")


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    return Rows(tmp_path)


def finding(verdict: GateVerdict, words: str) -> Judgement:
    """The one finding whose name has these words."""
    (found,) = [each for each in verdict.findings if words in each.name]
    return found
