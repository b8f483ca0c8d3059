"""Reads the claims since a day from the store, or the newest of them, and writes one table."""

from __future__ import annotations

import argparse
from pathlib import Path

import pyarrow as pa
from pyarrow import compute, csv, parquet


def main() -> None:
    """Read, choose, write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--claims", type=Path, required=True)
    options.add_argument("--since", required=True)
    options.add_argument("--newest", type=int, metavar="N", help="at most so many; omitted: all")
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args()
    files = sorted(given.claims.glob("*.csv"))
    if not files:
        raise SystemExit(f"{given.claims} has no claims: expected files *.csv")
    as_text = csv.ConvertOptions(column_types={"id": pa.string(), "day": pa.string()})
    table = pa.concat_tables([csv.read_csv(file, convert_options=as_text) for file in files])
    chosen = table.filter(compute.greater_equal(table["day"], given.since))
    if given.newest is not None:
        chosen = chosen.sort_by([("day", "descending"), ("id", "ascending")]).slice(0, given.newest)
    parquet.write_table(chosen, given.out / "rows.parquet")
    print(f"{chosen.num_rows} of {table.num_rows} claims since {given.since}")


if __name__ == "__main__":
    main()
