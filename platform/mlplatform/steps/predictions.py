"""Reads the predictions of each test row, and what they are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mlplatform.similar import nearest_names
from mlplatform.steps.cannot_judge import CannotJudge
from mlplatform.steps.parquet import column_names, read_columns

Numbers: TypeAlias = NDArray[np.float64]
Values: TypeAlias = NDArray[np.object_]
Table: TypeAlias = dict[str, list[object]]
Rows: TypeAlias = NDArray[np.int64]

FILE = "predictions.parquet"
NO_VALUE = "(no value)"
"""Name of the part of the rows that have no value in the column."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What one model says about each row."""

    label: Values
    """The truth."""

    score: Numbers | None
    """Its scores; None where it gives classes alone."""

    predicted: Values | None
    """Its classes; None where they follow from the scores."""

    def rows(self, chosen: Rows) -> Answers:
        """The answers for some of the rows; a row may be there several times."""
        return Answers(
            self.label[chosen],
            None if self.score is None else self.score[chosen],
            None if self.predicted is None else self.predicted[chosen],
        )


@dataclass(frozen=True, slots=True)
class Predictions:
    """All labelled test rows, in the order of their ids: the same rows in another order give the same verdict."""

    candidate: Answers
    """The candidate's answers."""

    released: Answers | None
    """Those of the released model on the same rows; None where there are none."""

    parts: dict[str, Values] = field(default_factory=dict[str, "Values"])
    """The columns of slices, as text."""

    unlabelled: int = 0
    """Rows without a label, which are left out."""

    def __len__(self) -> int:
        return len(self.candidate.label)


def read_predictions(folder: Path, columns: Sequence[str]) -> Predictions:
    """Read the rows.

    Args:
        folder: the output that has `predictions.parquet`.
        columns: the columns of slices.

    Raises:
        CannotJudge: it cannot be read, or the rows cannot be trusted.
    """
    table = _table(folder / FILE, columns)
    ids = table["id"]
    if any(value is None for value in ids):
        raise CannotJudge("some rows have no id, so nobody can tell whether a row is there twice")
    if len(set(ids)) != len(ids):
        raise CannotJudge(f"{len(ids) - len(set(ids))} rows have the id of another one, so they would count twice")
    order = sorted(range(len(ids)), key=lambda row: str(ids[row]))
    labels = table["label"]
    kept = [row for row in order if labels[row] is not None and labels[row] == labels[row]]
    label = _values([_plain(labels[row]) for row in kept])
    candidate = Answers(label, _scores(table, "score", kept), _classes(table, "predicted", kept))
    if candidate.score is None and candidate.predicted is None:
        raise CannotJudge("the predictions have neither score nor predicted")
    released = Answers(label, _scores(table, "released_score", kept), _classes(table, "released_predicted", kept))
    return Predictions(
        candidate,
        released if released.score is not None or released.predicted is not None else None,
        {name: _values([_name(table[name][row]) for row in kept]) for name in columns},
        len(ids) - len(kept),
    )


_OPTIONAL = ("score", "predicted", "released_score", "released_predicted")


def _table(file: Path, columns: Sequence[str]) -> Table:
    known = column_names(file)
    needed = ["id", "label", *columns]
    for name in needed:
        if name not in known:
            near = nearest_names(name, known)
            meant = f"; did you mean {near[0]}?" if near else ""
            raise CannotJudge(f"the predictions have no column {name}, only {', '.join(known)}{meant}")
    if len(set(known)) != len(known):
        raise CannotJudge("the predictions have two columns of one name")
    return read_columns(file, list(dict.fromkeys([*needed, *(name for name in _OPTIONAL if name in known)])))


def _values(values: Sequence[object]) -> Values:
    # not np.array: that would make one number of a list of equal lists
    made = np.empty(len(values), dtype=np.object_)
    made[:] = values
    return made


def _plain(value: object) -> object:
    """A truth or a class: True, 1 and 1.0 are one value, and so they are in Python."""
    return float(value) if isinstance(value, bool | int | float) else value


def _name(value: object) -> str:
    return NO_VALUE if value is None or value != value else str(value)


def _scores(table: Table, name: str, kept: Sequence[int]) -> Numbers | None:
    column = table.get(name, [])
    values = [value for value in column if value is not None]
    if not values:
        return None
    if any(not isinstance(value, bool | int | float) for value in values):
        raise CannotJudge(f"the column {name} has other values than numbers")
    numbers = [value if isinstance(value := column[row], bool | int | float) else np.nan for row in kept]
    made = np.array(numbers, dtype=np.float64)
    if lost := int(np.sum(~np.isfinite(made))):
        raise CannotJudge(f"{lost} of {len(made)} labelled rows have no finite {name}")
    return made


def _classes(table: Table, name: str, kept: Sequence[int]) -> Values | None:
    column = table.get(name, [])
    if all(value is None for value in column):
        return None
    made = _values([_plain(column[row]) for row in kept])
    if lost := sum(value is None or value != value for value in made):
        raise CannotJudge(f"{lost} of {len(made)} labelled rows have no {name}")
    return made
