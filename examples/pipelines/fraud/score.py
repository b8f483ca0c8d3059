"""Scores the claims of one region with the new model."""

from __future__ import annotations

import argparse
from pathlib import Path

import joblib
import numpy as np
import pyarrow as pa
from pyarrow import compute, parquet

from fraud.features import NAMES, columns

REGIONS = {"eu": ("DE", "FR"), "us": ("US",)}


def main() -> None:
    """Score, write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--region", choices=sorted(REGIONS), required=True)
    options.add_argument("--model", type=Path, required=True)
    options.add_argument("--rows", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args()
    table = columns(parquet.read_table(given.rows / "rows.parquet"))
    table = table.filter(compute.is_in(table["country"], value_set=pa.array(REGIONS[given.region])))
    rows = np.column_stack([table[name].to_numpy() for name in NAMES])
    scores = joblib.load(given.model / "model.joblib").predict_proba(rows)[:, 1]
    parquet.write_table(pa.table({"id": table["id"], "score": scores}), given.out / "scores.parquet")


if __name__ == "__main__":
    main()
