"""Looks at the claims before anything is trained on them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from pyarrow import compute, parquet

COLUMNS = ("id", "day", "country", "amount", "hour", "earlier", "fraud")


def main() -> None:
    """Refuse rows that no model should learn from."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=Path, required=True)
    options.add_argument("--report", type=Path, required=True)
    given = options.parse_args()
    table = parquet.read_table(given.rows / "rows.parquet")
    wrong = [f"no column {name}" for name in COLUMNS if name not in table.column_names]
    if wrong:
        raise SystemExit("; ".join(wrong))
    cells = table.num_rows * len(COLUMNS)
    null_share = sum(table[name].null_count for name in COLUMNS) / cells if cells else 1.0
    if table.num_rows < 1000:
        wrong.append(f"{table.num_rows} claims, expected at least 1000")
    if null_share > 0.05:
        wrong.append(f"{null_share:.1%} of the cells are empty, expected at most 5%")
    if table.num_rows and compute.min(table["amount"]).as_py() <= 0:
        wrong.append("an amount of 0 or less")
    (given.report / "metrics.json").write_text(
        json.dumps({"rows": table.num_rows, "null_share": null_share}), encoding="utf-8"
    )
    if wrong:
        raise SystemExit("; ".join(wrong))


if __name__ == "__main__":
    main()
