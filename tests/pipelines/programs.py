"""The example pipeline's programs with tiny data, for the engines that really run it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def ingest(source: str, target: str) -> None:
    """Copies the rows; the variables must have come through."""
    assert os.environ["MODE"] == "fast", "MODE"
    assert os.environ["SEED"] == "s3", "SEED"
    rows = (Path(source) / "rows.csv").read_text(encoding="utf-8")
    (Path(target) / "rows.csv").write_text(rows, encoding="utf-8")


def shape(source: str, target: str, region: str) -> None:
    """Counts the rows of one region."""
    rows = (Path(source) / "rows.csv").read_text(encoding="utf-8").splitlines()
    (Path(target) / f"{region}.txt").write_text(str(sum(row.startswith(region) for row in rows)), encoding="utf-8")


def train(rate: str, rows: str, out: str, checkpoint: str) -> None:
    """Learns one threshold: between the means of both labels."""
    assert rate == "0.1", rate
    Path(checkpoint).mkdir(parents=True, exist_ok=True)
    found: dict[str, list[float]] = {"0": [], "1": []}
    for row in (Path(rows) / "rows.csv").read_text(encoding="utf-8").splitlines():
        _, value, label = row.split(",")
        found[label].append(float(value))
    middle = sum(sum(values) / len(values) for values in found.values()) / 2
    (Path(out) / "model.json").write_text(json.dumps({"threshold": middle}), encoding="utf-8")


def evaluate(model: str, rows: str, metrics: str, predictions: str, released: str, version: str) -> None:
    """The area under the ROC curve, counted by pairs. Nothing is released here: both last arguments are empty."""
    assert (released, version) == ("", ""), (released, version)
    threshold = json.loads((Path(model) / "model.json").read_text(encoding="utf-8"))["threshold"]
    scores: dict[str, list[float]] = {"0": [], "1": []}
    for row in (Path(rows) / "rows.csv").read_text(encoding="utf-8").splitlines():
        _, value, label = row.split(",")
        scores[label].append(float(value) - threshold)
    pairs = [(good > bad) + (good == bad) / 2 for good in scores["1"] for bad in scores["0"]]
    found = {"auc": sum(pairs) / len(pairs), "latency_p95_ms": 1.5e-02}
    (Path(metrics) / "metrics.json").write_text(json.dumps(found, indent=2), encoding="utf-8")
    _write_predictions(Path(predictions) / "predictions.parquet", scores)


def _write_predictions(file: Path, scores: dict[str, list[float]]) -> None:
    """A row per test row, where there is a writer of the format."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        file.write_text("", encoding="utf-8")
        return
    rows = [(int(label), score) for label, values in scores.items() for score in values]
    columns = {
        "id": [str(index) for index in range(len(rows))],
        "label": [label for label, _ in rows],
        "score": [score for _, score in rows],
    }
    parquet.write_table(pyarrow.table(columns), file)


def search(rate: str, solver: str, model: str, metrics: str) -> None:
    """A trial of a search: best at a rate of 0.01, and it says so again and again as it learns."""
    from math import log10

    assert os.environ["RATE"] == rate, os.environ["RATE"]
    auc = 0.95 - (log10(float(rate)) + 2) ** 2 / 10 - (solver == "sgd") / 100
    (Path(model) / "model.json").write_text(json.dumps({"rate": float(rate), "solver": solver}), encoding="utf-8")
    (Path(metrics) / "metrics.json").write_text(json.dumps({"auc": auc, "rows": 500}), encoding="utf-8")


PROGRAMS = {"search.py": search, "ingest.py": ingest, "shape.py": shape, "train.py": train, "evaluate.py": evaluate}


def main(words: list[str]) -> None:
    """Run one: `python NAME.py …`, as the steps' commands say; options give their values by name or behind them."""
    program = PROGRAMS[words[0]]
    values = [word.partition("=")[2] if word.startswith("--") and "=" in word else word for word in words[1:]]
    values = [value for value in values if not value.startswith("--")]
    if words[0] == "ingest.py":
        # the last one is the run's name, which only has to be there
        assert values.pop(), "run"
    program(*values)


if __name__ == "__main__":
    main(sys.argv[1:])
