"""Makes columns of numbers, and parts the claims into training and test rows.

A claim's part follows from its id: it never changes from run to run, so no model is tested on what an earlier one was
trained with.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

NAMES = ("amount", "hour", "earlier")
"""Columns that a model reads."""


def tested(identity: str) -> bool:
    """Whether a claim is a test row; a third of them are."""
    return hashlib.sha256(identity.encode()).digest()[0] < 256 // 3


def columns(table: pa.Table) -> pa.Table:
    """The same rows with columns that a model reads."""
    amount = np.log(table["amount"].to_numpy())
    return table.set_column(table.column_names.index("amount"), "amount", pa.array(amount))


def main() -> None:
    """Write both parts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=Path, required=True)
    options.add_argument("--train", type=Path, required=True)
    options.add_argument("--test", type=Path, required=True)
    given = options.parse_args()
    table = columns(parquet.read_table(given.rows / "rows.parquet"))
    test = pa.array([tested(each) for each in table["id"].to_pylist()])
    parquet.write_table(table.filter(test), given.test / "rows.parquet")
    parquet.write_table(table.filter(pa.compute.invert(test)), given.train / "rows.parquet")


if __name__ == "__main__":
    main()
