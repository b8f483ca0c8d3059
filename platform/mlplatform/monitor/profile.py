"""What the reference looks like: the bins and classes into which every row is counted, here and in each partition.

Counts in fixed bins are whole numbers, so that the sum over partitions is the same in any order. The bins of a number
hold equal shares of the reference, so that a share below any of its values is off by at most one bin, 1/64.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from mlplatform.monitor.language import known_values
from mlplatform.monitor.rows import Column, Counts, Numbers, RowBatch, as_classes, as_numbers
from mlplatform.spec.monitor_job import MonitorSettings
from mlplatform.spec.monitor_questions import InputKind

BINS = 64
"""Bins of a number."""

MOST_CLASSES = 100
"""Values of a category that are counted one by one; the others together."""

WIDTH = MOST_CLASSES + 3
MISSING, WRONG_TYPE = WIDTH - 2, WIDTH - 1
"""Places in a row of counts; the ones before are bins or values."""

STRATA = 10
"""Bins of the score within which labels are compared."""

LABEL_BINS, RESIDUAL_BINS = 10, 4
"""Of a regression: bins of the truth, and of the error."""


class Unprofiled(ValueError):
    """The reference does not say what the monitor needs; whole sentences without full stops."""


class ColumnProfile(BaseModel):
    """The bins or values of one column."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """Name of the input."""

    kind: InputKind
    """Kind of the input."""

    edges: tuple[float, ...] = ()
    """Of numbers: upper edges of the bins but the last."""

    values: tuple[str, ...] = ()
    """Of categories: the values that are counted one by one."""

    middle: int = 0
    """The bin, or value, that halves the reference best."""

    low: float = 0.0
    """Of numbers: what is below is far away from all that the reference has."""

    high: float = 0.0
    """Of numbers: what is above is far away."""

    @property
    def bins(self) -> int:
        """Places of counts in use, without those for missing and wrong values."""
        return len(self.edges) + 1 if self.kind == "number" else len(self.values) + 1

    def codes(self, column: Column) -> tuple[Counts, int]:
        """The place of each value; and how many are far away."""
        if self.kind == "category":
            places = {name: place for place, name in enumerate(self.values)}
            other = len(self.values)
            found = [
                MISSING if each is None else places.get(each, other) if isinstance(each, str) else WRONG_TYPE
                for each in as_classes(column)
            ]
            return np.array(found, dtype=np.int64), 0
        numbers, missing, wrong = as_numbers(column)
        made = bin_of(numbers, self.edges)
        made[missing] = MISSING
        made[wrong] = WRONG_TYPE
        usable = ~missing & ~wrong
        return made, int(np.sum(usable & ((numbers < self.low) | (numbers > self.high))))


class Profile(BaseModel):
    """All bins and classes of one version of a model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str | None = None
    """The version of the model that the reference belongs to."""

    columns: tuple[ColumnProfile, ...]
    """The inputs."""

    answer: ColumnProfile
    """The score, or the predicted class where there is no score."""

    strata: tuple[float, ...] = ()
    """Edges of the score within which labels are compared; empty without scores."""

    classes: tuple[str, ...] = ()
    """Of a classification: the classes."""

    label_edges: tuple[float, ...] = ()
    """Of a regression: edges of the truth."""

    residual_edges: tuple[float, ...] = ()
    """Of a regression: edges of the error."""

    scale: float = 1.0
    """Of a regression: standard deviation of the truth."""

    @property
    def digest(self) -> str:
        """What tells this profile from others: only counts of one profile can be added."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


def bin_of(numbers: Numbers, edges: Sequence[float]) -> Counts:
    """The bin of each number: how many edges are below it."""
    return np.searchsorted(np.asarray(edges, dtype=np.float64), numbers, side="left").astype(np.int64)


def profile_of(settings: MonitorSettings, sample: RowBatch, version: str | None = None) -> Profile:
    """The profile of a reference.

    Args:
        settings: what the model reads and answers.
        sample: rows of the reference, about 100,000 of them, from all its parts.
        version: the version of the model that the reference belongs to.

    Raises:
        Unprofiled: a column has no values, or there are no classes.
    """
    columns = tuple(
        _column(each.name, each.kind, column, known_values(each.name) if settings.task == "language" else None)
        for each, column in zip(settings.inputs, sample.inputs, strict=True)
    )
    score = None if sample.score is None else sample.score[np.isfinite(sample.score)]
    if score is not None and len(score):
        answer = _column("score", "number", score)
        strata = _edges(score, STRATA)
    elif sample.predicted is not None:
        answer, strata = _column("predicted", "category", sample.predicted), ()
    else:
        raise Unprofiled("the reference has no answers of the model")
    made = {"version": version, "columns": columns, "answer": answer, "strata": strata}
    if settings.has_classes:
        given = [each for each in (sample.label, sample.predicted) if each is not None]
        found = {each for column in given for each in as_classes(column) if isinstance(each, str)}
        if settings.task == "language" and not found <= {"0", "1"}:
            others = ", ".join(sorted(found - {"0", "1"})[:5])
            raise Unprofiled(f"labels of a language model are 1, a good answer, and 0; the reference has {others}")
        classes = ("0", "1") if settings.task == "language" or found <= {"0", "1"} else tuple(sorted(found))
        if settings.task == "ranking" and (wrong := sorted(each for each in classes if not _is_gain(each))):
            raise Unprofiled(f"labels of a ranking are numbers from 0 on, 0 for no use; the reference has {wrong[0]}")
        if not 2 <= len(classes) <= MOST_CLASSES:
            raise Unprofiled(f"the reference has {len(classes)} classes; expected 2 to {MOST_CLASSES}")
        return Profile.model_validate({**made, "classes": classes})
    if sample.label is None or sample.score is None:
        return Profile.model_validate(made)
    truth, *_ = as_numbers(sample.label)
    usable = np.isfinite(truth) & np.isfinite(sample.score)
    if not usable.any():
        return Profile.model_validate(made)
    truth, residual = truth[usable], truth[usable] - sample.score[usable]
    return Profile.model_validate(
        {
            **made,
            "label_edges": _edges(truth, LABEL_BINS),
            "residual_edges": _edges(residual, RESIDUAL_BINS),
            "scale": float(truth.std()) or 1.0,
        }
    )


def _is_gain(text: str) -> bool:
    try:
        return 0 <= float(text) < 1e6
    except ValueError:
        return False


def _column(name: str, kind: InputKind, column: Column, known: Sequence[str] | None = None) -> ColumnProfile:
    if kind == "category":
        counted = Counter(each for each in as_classes(column) if isinstance(each, str))
        if not counted:
            raise Unprofiled(f"the reference has no value of {name}")
        # by number, then by name: the same reference gives the same profile in any order
        common = sorted(counted, key=lambda each: (-counted[each], each))[:MOST_CLASSES]
        kept = sorted(common) if known is None else list(known)
        return ColumnProfile(name=name, kind=kind, values=tuple(kept), middle=kept.index(common[0]))
    numbers, missing, wrong = as_numbers(column)
    numbers = numbers[~missing & ~wrong]
    if not len(numbers):
        raise Unprofiled(f"the reference has no number in {name}; a text is an input of kind category")
    edges = _edges(numbers, BINS)
    low, high = float(numbers.min()), float(numbers.max())
    span = (high - low) or abs(high) or 1.0
    below = np.cumsum(np.bincount(bin_of(numbers, edges), minlength=len(edges) + 1)) / len(numbers)
    return ColumnProfile(
        name=name,
        kind=kind,
        edges=edges,
        middle=int(np.argmin(np.abs(below - 0.5))),
        low=low - span,
        high=high + span,
    )


def _edges(numbers: Numbers, bins: int) -> tuple[float, ...]:
    # values that are there, not between two: an edge must not split equal numbers
    found = np.unique(np.quantile(numbers, np.arange(1, bins) / bins, method="inverted_cdf"))
    if len(found) == 1 and found[0] == numbers.max() and numbers.min() < found[0]:
        found = np.unique(np.append(found, numbers[numbers < found[0]].max()))
    return tuple(float(edge) for edge in found)
