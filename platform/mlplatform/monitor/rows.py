"""Rows of a request or of the reference, a column at a time, and the plain meaning of single values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Values: TypeAlias = NDArray[np.object_]
Counts: TypeAlias = NDArray[np.int64]
Hashes: TypeAlias = NDArray[np.uint64]
Column: TypeAlias = "Numbers | Values"

_TRUTHS = {word: name for name, text in (("1", "true"), ("0", "false")) for word in (text, text.title(), text.upper())}

MOST_NAME = 100
"""Characters of a field's name that reports have."""

WRONG = object()
"""A value that is of another type than its input."""


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Some rows."""

    inputs: tuple[Column, ...]
    """The inputs, in the order of the settings: numbers, or values as they were written."""

    score: Numbers | None = None
    """The number that the model answered; not a number where there is none."""

    predicted: Values | None = None
    """The class that it answered, as text."""

    label: Values | None = None
    """The truth: text of a class, or a number; None where it is not known."""

    query: Hashes | None = None
    """Of a ranking, which query each row belongs to."""

    def __len__(self) -> int:
        return len(self.inputs[0])


def values(found: Sequence[object]) -> Values:
    """An array of values as they are: NumPy would make one number of a list of equal lists."""
    made = np.empty(len(found), dtype=np.object_)
    made[:] = found
    return made


def is_missing(value: object) -> bool:
    """Whether a value says nothing."""
    return value is None or value == "" or value != value


def number_of(value: float) -> float:
    """A number as a float; a whole one that no float can hold is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def readable(name: str) -> str:
    """A name out of a request, as a report can have it: JSON can hold halves of characters, and any length."""
    text = name.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= MOST_NAME else f"{text[:MOST_NAME]}…"


def class_name(value: object) -> str | None:
    """A class as text: True, "true", 1, 1.0 and "1" are one class, since CSV has only text. None for what is no
    class."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str) and (said := _TRUTHS.get(value)):
        return said
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, str | int | float) and not is_missing(value) else None


def as_numbers(column: Column) -> tuple[Numbers, NDArray[np.bool_], NDArray[np.bool_]]:
    """A column as numbers; which values are missing; which are of another type or not finite."""
    if column.dtype != np.object_:
        numbers = column.astype(np.float64)
        missing = np.isnan(numbers)
        return numbers, missing, np.isinf(numbers)
    found = cast("list[object]", column.tolist())
    numbers = np.array(
        [number_of(value) if isinstance(value, bool | int | float) else np.nan for value in found], dtype=np.float64
    )
    missing = np.array([is_missing(value) for value in found], dtype=np.bool_)
    return numbers, missing, ~missing & ~np.isfinite(numbers)


def as_classes(column: Column) -> list[str | object | None]:
    """A column as classes: None where a value is missing, `WRONG` where it is no class."""
    made: list[str | object | None] = []
    for value in cast("list[object]", column.tolist()):
        made.append(None if is_missing(value) else WRONG if (name := class_name(value)) is None else name)
    return made


def hash_of(text: str) -> int:
    """A number of 64 bits for an id, never 0: ten million ids share one with a chance of three in a million."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big") or 1


class SeenRows:
    """The hashes of what was counted already, as sorted arrays: eight bytes each."""

    def __init__(self) -> None:
        self._sorted: list[Hashes] = []
        self._new: set[int] = set()

    def add(self, row: int) -> bool:
        """Whether it is new."""
        if row in self._new or any(_holds(each, row) for each in self._sorted):
            return False
        self._new.add(row)
        if len(self._new) >= 1 << 20:
            self._sorted.append(np.array(sorted(self._new), dtype=np.uint64))
            self._new.clear()
            if len(self._sorted) > 4:
                self._sorted = [np.sort(np.concatenate(self._sorted))]
        return True


def _holds(hashes: Hashes, row: int) -> bool:
    at = int(np.searchsorted(hashes, np.uint64(row)))
    return at < len(hashes) and int(hashes[at]) == row
