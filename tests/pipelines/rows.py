"""Writes the tiny data of the example pipeline: `python rows.py FILE`."""

from __future__ import annotations

import sys
from pathlib import Path


def main(file: str) -> None:
    """600 rows: a region, a value, and a label that goes with the value most of the time."""
    rows = [
        f"{'north' if index % 2 else 'south'},{index % 17 + (10 if index % 3 == 0 else 0)},{int(index % 3 == 0)}"
        for index in range(600)
    ]
    Path(file).write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
