"""Trains a model that tells fraud from other claims."""

from __future__ import annotations

import argparse
from pathlib import Path

import joblib
import numpy as np
import pyarrow as pa
from pyarrow import parquet
from sklearn.ensemble import GradientBoostingClassifier

from fraud.features import NAMES


def main() -> None:
    """Train, write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--model", type=Path, required=True)
    options.add_argument("--rate", type=float, required=True)
    options.add_argument("--rounds", type=int, required=True)
    options.add_argument(
        "--reference", type=Path, help="rows that the model has not seen, kept with it for its monitor; omitted: none"
    )
    given = options.parse_args()
    table = parquet.read_table(given.data / "rows.parquet")
    rows = np.column_stack([table[name].to_numpy() for name in NAMES])
    # the same rows give the same model: the seed is fixed
    model = GradientBoostingClassifier(
        learning_rate=given.rate, n_estimators=given.rounds, subsample=0.8, random_state=0
    )
    joblib.dump(model.fit(rows, table["fraud"].to_numpy()), given.model / "model.joblib")
    if given.reference is not None:
        unseen = parquet.read_table(given.reference / "rows.parquet")
        scores = model.predict_proba(np.column_stack([unseen[name].to_numpy() for name in NAMES]))[:, 1]
        (given.model / "reference").mkdir()
        # claims as callers send them
        amount = pa.array(np.round(np.exp(unseen["amount"].to_numpy()), 2))
        unseen = unseen.set_column(unseen.column_names.index("amount"), "amount", amount)
        parquet.write_table(unseen.append_column("score", pa.array(scores)), given.model / "reference" / "rows.parquet")
    print(f"trained on {table.num_rows} claims")


if __name__ == "__main__":
    main()
