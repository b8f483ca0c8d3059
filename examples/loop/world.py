"""The world that the model lives in: claims with their truth, before and after fraudsters change their habits."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

COUNTRIES = ("DE", "FR", "US")


def claims(rows: int, seed: int, day: date, days: int, *, changed: bool) -> pa.Table:
    """Claims with their truth; a fifth of them are fraud.

    Fraud is expensive and comes at night. After the change it is cheap and comes in the evening: the same amount and
    hour mean something else then, and the hours of all claims move.

    Args:
        rows: how many.
        seed: the same gives the same claims.
        day: the first day.
        days: over how many days they are spread.
        changed: whether the habits have changed.
    """
    draw = np.random.default_rng(seed)
    fraud = (draw.random(rows) < 0.2).astype(int)
    amount, hour = (-0.6, 6) if changed else (0.8, -6)
    return pa.table(
        {
            "id": [f"{seed}-{index}" for index in range(rows)],
            "day": [str(day + timedelta(days=index * days // rows)) for index in range(rows)],
            "country": [COUNTRIES[index] for index in draw.integers(0, 3, rows)],
            "amount": np.round(draw.lognormal(6 + amount * fraud, 0.7), 2),
            "hour": (draw.normal(14 + hour * fraud, 4, rows) % 24).astype(int),
            "earlier": draw.poisson(1 + 1.2 * fraud),
            "fraud": fraud,
        }
    )


def store(table: pa.Table, folder: Path, name: str) -> None:
    """Put claims where the pipeline reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    csv.write_csv(table, folder / f"{name}.csv")
