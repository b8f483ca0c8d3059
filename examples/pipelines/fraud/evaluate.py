"""Answers the test rows with the new model and with the released one, for the gate to compare."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import joblib
import numpy as np
import pyarrow as pa
from pyarrow import parquet
from sklearn.metrics import roc_auc_score

from fraud.features import NAMES


def latency(model: object, rows: np.ndarray) -> float:
    """Milliseconds of the processor that 95 of 100 single answers stay below.

    What else runs on the training machine says nothing about the model; how long an endpoint takes is its own alarm.
    """
    took: list[float] = []
    for row in rows[:200]:
        start = time.process_time()
        model.predict_proba(row[None, :])
        took.append(1000 * (time.process_time() - start))
    return float(np.quantile(took, 0.95))


def main() -> None:
    """Write metrics and predictions."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--model", type=Path, required=True)
    options.add_argument("--test", type=Path, required=True)
    options.add_argument("--released", required=True, help="folder of the released model; empty: none is released")
    options.add_argument("--released-version", required=True, help="its version; empty: none is released")
    options.add_argument("--metrics", type=Path, required=True)
    options.add_argument("--predictions", type=Path, required=True)
    given = options.parse_args()
    table = parquet.read_table(given.test / "rows.parquet")
    rows = np.column_stack([table[name].to_numpy() for name in NAMES])
    model = joblib.load(given.model / "model.joblib")
    answers = {
        "id": table["id"],
        "label": table["fraud"],
        "score": model.predict_proba(rows)[:, 1],
        "country": table["country"],
    }
    if given.released:
        released = joblib.load(Path(given.released) / "model.joblib")
        answers["released_score"] = released.predict_proba(rows)[:, 1]
    parquet.write_table(pa.table(answers), given.predictions / "predictions.parquet")
    said = json.dumps({"version": given.released_version or None})
    (given.predictions / "released.json").write_text(said, encoding="utf-8")
    metrics = {
        "auc": float(roc_auc_score(table["fraud"].to_numpy(), answers["score"])),
        "latency_p95_ms": latency(model, rows),
    }
    (given.metrics / "metrics.json").write_text(json.dumps(metrics), encoding="utf-8")


if __name__ == "__main__":
    main()
