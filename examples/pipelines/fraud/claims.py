"""Makes claims for a first run: `python -m fraud.claims FOLDER`. A real platform's arrive in its store."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

COUNTRIES = ("DE", "FR", "US")


def claims(rows: int, seed: int) -> pa.Table:
    """Claims with their truth; a fifth of them are fraud.

    Args:
        rows: how many.
        seed: the same gives the same claims.
    """
    generator = np.random.default_rng(seed)
    fraud = (generator.random(rows) < 0.2).astype(int)
    return pa.table(
        {
            "id": [f"{seed}-{index}" for index in range(rows)],
            "day": [f"2026-{index % 12 + 1:02d}-01" for index in range(rows)],
            "country": [COUNTRIES[index] for index in generator.integers(0, 3, rows)],
            "amount": np.round(generator.lognormal(6 + 0.8 * fraud, 0.7), 2),
            "hour": (generator.normal(14 - 6 * fraud, 4, rows) % 24).astype(int),
            "earlier": generator.poisson(1 + 1.2 * fraud),
            "fraud": fraud,
        }
    )


def main() -> None:
    """Write one file."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--rows", type=int, default=6000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    csv.write_csv(claims(given.rows, given.seed), given.folder / f"claims-{given.seed}.csv")


if __name__ == "__main__":
    main()
