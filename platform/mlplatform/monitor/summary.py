"""Counts of rows that add up: those of partitions, in any order, are those of all rows at once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np

from mlplatform.monitor.label_problems import NO_NUMBER, STRANGE_CLASS
from mlplatform.monitor.profile import (
    LABEL_BINS,
    MISSING,
    RESIDUAL_BINS,
    STRATA,
    WIDTH,
    Profile,
    bin_of,
)
from mlplatform.monitor.rankings import RANKINGS, QueryCounter
from mlplatform.monitor.rows import Counts, Numbers, RowBatch, as_classes, as_numbers
from mlplatform.monitor.speed import empty_speed
from mlplatform.spec.monitor_job import MonitorSettings

ONE = 1 << 20
"""What 1 is in sums of fractions: they are kept as whole numbers, off by at most half a millionth per row."""

_MOST = 16.0
"""Errors of a regression are counted up to this many standard deviations of the truth."""


class NotMergeable(ValueError):
    """Counts of another profile."""


@dataclass
class RowSummary:
    """What is known of some rows."""

    profile: str
    """Digest of the profile whose bins are counted."""

    counts: dict[str, Counts] = field(default_factory=dict[str, Counts])
    """Whole numbers by name."""

    problems: dict[str, int] = field(default_factory=dict[str, int])
    """What could not be read, with the number of times."""

    first: float | None = None
    """Time of the earliest row, in seconds since 1970."""

    last: float | None = None
    """Time of the latest row."""

    known_labels: int = 0
    """Labels that are known, of rows of this window or of others."""

    found_labels: int = 0
    """Those of rows of this window."""

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.counts["rows"][0])

    @property
    def labelled(self) -> int:
        """Number of rows with a label."""
        return int(self.counts["labels"].sum())

    def problem(self, name: str, times: int = 1) -> None:
        """Count something that could not be read."""
        if times:
            self.problems[name] = self.problems.get(name, 0) + times

    def seen_at(self, moment: float) -> None:
        """Note the time of a row."""
        self.first = moment if self.first is None else min(self.first, moment)
        self.last = moment if self.last is None else max(self.last, moment)

    def merge(self, other: RowSummary) -> None:
        """Add the counts of other rows.

        Raises:
            NotMergeable: they were counted in other bins.
        """
        if self.profile != other.profile or self.counts.keys() != other.counts.keys():
            raise NotMergeable(f"counts of the profile {other.profile} do not add to those of {self.profile}")
        for name, counts in other.counts.items():
            self.counts[name] = self.counts[name] + counts
        for name, times in other.problems.items():
            self.problem(name, times)
        # each part is given all labels, and finds those of its rows
        self.known_labels = max(self.known_labels, other.known_labels)
        self.found_labels += other.found_labels
        for moment in (other.first, other.last):
            if moment is not None:
                self.seen_at(moment)

    def dump(self) -> str:
        """The text that `load_summary` reads."""
        return json.dumps(
            {
                "summary_version": 2,
                "profile": self.profile,
                "counts": {name: counts.tolist() for name, counts in self.counts.items()},
                "problems": dict(sorted(self.problems.items())),
                "first": self.first,
                "last": self.last,
                "known_labels": self.known_labels,
                "found_labels": self.found_labels,
            }
        )


def load_summary(text: str) -> RowSummary:
    """Read what `RowSummary.dump` wrote.

    Raises:
        ValueError: it is no such text.
    """
    try:
        given = json.loads(text)
        if given["summary_version"] != 2:
            raise ValueError("a summary of another version")
        counts = {name: np.array(each, dtype=np.int64) for name, each in given["counts"].items()}
        more = {name: given[name] for name in ("first", "last", "known_labels", "found_labels")}
        return RowSummary(given["profile"], counts, dict(given["problems"]), **more)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a summary: {error}") from None


class RowCounter:
    """Counts rows into a summary, a batch at a time.

    Args:
        settings: what the model reads and answers.
        profile: the bins.
    """

    def __init__(self, settings: MonitorSettings, profile: Profile) -> None:
        self.settings = settings
        self.profile = profile
        self.summary = RowSummary(profile.digest)
        inputs = len(profile.columns)
        self._slices = [place for name in settings.slices for place, c in enumerate(profile.columns) if c.name == name]
        groups = len(group_names(settings, profile))
        classes = class_count(settings, profile)
        kinds = outcome_count(settings, profile)
        counts = self.summary.counts
        for name, shape in {
            "rows": (1,),
            "inputs": (inputs, WIDTH),
            "far": (inputs,),
            "signs": (inputs, inputs),
            "sums": (inputs, inputs),
            "both": (inputs, inputs),
            "answers": (WIDTH,),
            "labels": (classes,),
            "by_label": (classes, inputs + 1, WIDTH),
            "strata": (groups, stratum_count(profile)),
            "outcomes": (groups, stratum_count(profile), kinds),
            "confusion": (groups, classes, classes),
            "ranks": (groups, WIDTH, classes),
            "right": (stratum_count(profile),),
            "errors": (groups, 4),
            "stratum_errors": (stratum_count(profile), 2),
        }.items():
            counts[name] = np.zeros(shape, dtype=np.int64)
        if settings.task == "language":
            counts["speed"] = empty_speed()
        self._queries: QueryCounter | None = None
        if settings.task == "ranking":
            counts["rankings"] = np.zeros((len(RANKINGS), 3), dtype=np.int64)
            gains = np.array([float(each) for each in profile.classes])
            self._queries = QueryCounter(counts["rankings"], gains, self.summary.problem)

    def end(self) -> None:
        """Count what waited for more rows."""
        if self._queries is not None:
            self._queries.end()

    def add(self, rows: RowBatch) -> None:
        """Count some rows."""
        if not len(rows):
            return
        counts, profile = self.summary.counts, self.profile
        counts["rows"][0] += len(rows)
        codes = np.empty((len(profile.columns), len(rows)), dtype=np.int64)
        for place, (column, given) in enumerate(zip(profile.columns, rows.inputs, strict=True)):
            codes[place], far = column.codes(given)
            counts["far"][place] += far
            counts["inputs"][place] += np.bincount(codes[place], minlength=WIDTH)
        self._pairs(codes)
        answer, stratum = self._answers(rows)
        counts["answers"] += np.bincount(answer, minlength=WIDTH)
        groups = self._groups(codes)
        told = stratum >= 0
        for group, of in groups:
            counts["strata"][group] += np.bincount(stratum[told & of], minlength=counts["strata"].shape[1])
        self._labels(rows, codes, answer, stratum, groups)

    def _pairs(self, codes: Counts) -> None:
        """How pairs of inputs go together: above or below the middle, the commonest value or another."""
        signs = np.empty(codes.shape, dtype=np.float32)
        for place, column in enumerate(self.profile.columns):
            code = codes[place]
            up = code > column.middle if column.kind == "number" else code == column.middle
            signs[place] = np.where(code >= MISSING, 0, np.where(up, 1, -1))
        counts = self.summary.counts
        # sums of ones are exact in these floats up to sixteen million rows at once
        counts["signs"] += (signs @ signs.T).astype(np.int64)
        there = np.abs(signs)
        if there.all():
            # of rows in which nothing is missing these products are sums
            counts["sums"] += signs.sum(axis=1, dtype=np.float64).astype(np.int64)[:, None]
            counts["both"] += len(codes[0])
            return
        counts["sums"] += (signs @ there.T).astype(np.int64)
        counts["both"] += (there @ there.T).astype(np.int64)

    def _answers(self, rows: RowBatch) -> tuple[Counts, Counts]:
        """MonitorPlace of each answer, and its stratum, or -1."""
        profile = self.profile
        if profile.answer.kind == "number":
            score = rows.score if rows.score is not None else np.full(len(rows), np.nan)
            answer, _ = profile.answer.codes(score)
            return answer, np.where(answer < MISSING, bin_of(score, profile.strata), -1)
        given = rows.predicted if rows.predicted is not None else np.full(len(rows), None, dtype=np.object_)
        answer, _ = profile.answer.codes(given)
        return answer, np.where(answer < MISSING, answer, -1)

    def _groups(self, codes: Counts) -> list[tuple[int, np.ndarray[tuple[int], np.dtype[np.bool_]]]]:
        """The rows of all, and of each value of each slice."""
        made = [(0, np.ones(codes.shape[1], dtype=np.bool_))]
        for place in self._slices:
            for value in range(self.profile.columns[place].bins):
                made.append((len(made), codes[place] == value))
        return made

    def _labels(
        self,
        rows: RowBatch,
        codes: Counts,
        answer: Counts,
        stratum: Counts,
        groups: list[tuple[int, np.ndarray[tuple[int], np.dtype[np.bool_]]]],
    ) -> None:
        if rows.label is None:
            return
        counts, profile = self.summary.counts, self.profile
        if self.settings.has_classes:
            label = _places(rows.label, profile.classes)
            self.summary.problem(STRANGE_CLASS, int(np.sum(label == -2)))
            outcome = label
            predicted = self._predicted(rows)
            residual = self._distance(rows, label)
            if self._queries is not None and rows.query is not None and rows.score is not None:
                self._queries.add(rows.query, rows.score, label)
        else:
            truth, missing, wrong = as_numbers(rows.label)
            self.summary.problem(NO_NUMBER, int(wrong.sum()))
            known = ~missing & ~wrong
            score = rows.score if rows.score is not None else np.full(len(rows), np.nan)
            label = np.where(known, bin_of(truth, profile.label_edges), -1)
            residual = np.where(known, truth - score, np.nan)
            outcome = np.where(np.isfinite(residual), bin_of(residual, profile.residual_edges), -1)
            predicted = label
        labelled = label >= 0
        if not labelled.any():
            return
        right = labelled & (stratum >= 0) & (outcome >= 0) & (predicted == label)
        counts["right"] += np.bincount(stratum[right], minlength=len(counts["right"]))
        counts["labels"] += np.bincount(label[labelled], minlength=len(counts["labels"]))
        classes = len(counts["labels"])
        for place in range(len(codes)):
            counts["by_label"][:, place] += _table(label[labelled], codes[place][labelled], classes, WIDTH)
        counts["by_label"][:, -1] += _table(label[labelled], answer[labelled], classes, WIDTH)
        kinds = counts["outcomes"].shape[2]
        for group, of in groups:
            judged = of & labelled & (stratum >= 0) & (outcome >= 0)
            counts["outcomes"][group] += _table(stratum[judged], outcome[judged], counts["strata"].shape[1], kinds)
            both = of & labelled & (predicted >= 0)
            counts["confusion"][group] += _table(predicted[both], label[both], classes, classes)
            there = of & labelled
            counts["ranks"][group] += _table(answer[there], label[there], WIDTH, classes)
            if residual is not None:
                counts["errors"][group] += _moments(residual[judged] / profile.scale)
                if not group:
                    sizes = np.minimum(np.abs(residual[judged] / profile.scale), _MOST)
                    np.add.at(counts["stratum_errors"][:, 0], stratum[judged], 1)
                    np.add.at(counts["stratum_errors"][:, 1], stratum[judged], np.rint(sizes * ONE).astype(np.int64))

    def _distance(self, rows: RowBatch, label: Counts) -> Numbers | None:
        """From the score to the label, where the score is the chance of the second of two classes."""
        if self.settings.task != "classification" or len(self.profile.classes) != 2 or rows.score is None:
            return None
        return np.where(label >= 0, rows.score - (label == 1), np.nan)

    def _predicted(self, rows: RowBatch) -> Counts:
        if rows.predicted is not None:
            return _places(rows.predicted, self.profile.classes)
        if rows.score is None or len(self.profile.classes) != 2 or self.settings.task == "ranking":
            return np.full(len(rows), -1, dtype=np.int64)
        return np.where(np.isfinite(rows.score), (rows.score >= 0.5).astype(np.int64), -1)


def class_count(settings: MonitorSettings, profile: Profile) -> int:
    """Classes of labels, or bins of the truth."""
    return len(profile.classes) if settings.has_classes else LABEL_BINS


def outcome_count(settings: MonitorSettings, profile: Profile) -> int:
    """What is counted within a bin of the score: classes, or bins of the error."""
    return len(profile.classes) if settings.has_classes else RESIDUAL_BINS


def stratum_count(profile: Profile) -> int:
    """Bins of the score, or predicted classes."""
    return STRATA if profile.answer.kind == "number" else profile.answer.bins


def group_names(settings: MonitorSettings, profile: Profile) -> list[tuple[str, str]]:
    """Slice and value of each group; the first is all rows."""
    made = [("", "")]
    for name in settings.slices:
        column = next(each for each in profile.columns if each.name == name)
        made += [(name, value) for value in (*column.values, "(other values)")]
    return made


def _places(given: np.ndarray[tuple[int], np.dtype[np.object_]], classes: tuple[str, ...]) -> Counts:
    """The class of each value: -1 where it is missing, -2 where it is none of them."""
    known = {name: place for place, name in enumerate(classes)}
    return np.array(
        [-1 if each is None else known.get(each, -2) if isinstance(each, str) else -2 for each in as_classes(given)],
        dtype=np.int64,
    )


def _table(row: Counts, column: Counts, rows: int, columns: int) -> Counts:
    return np.bincount(row * columns + column, minlength=rows * columns).reshape(rows, columns)


def _moments(errors: Numbers) -> Counts:
    """Number, and sums of the absolute, squared and fourth power of errors, as whole numbers."""
    size = np.minimum(np.abs(errors), _MOST)
    sums = [np.sum(np.rint(size**power * ONE).astype(np.int64)) for power in (1, 2, 4)]
    return np.array([len(errors), *sums], dtype=np.int64)
