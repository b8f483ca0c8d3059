"""How far up the relevant rows of each query stand, by the model's scores: sums over queries, which add up.

The rows of a query stand beside each other; a part of a file may end within one, so the last query stays open.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from mlplatform.monitor.rows import Counts, Hashes, Numbers, SeenRows

RANKINGS = ("ndcg", "mrr")
"""The metrics, in the order of their sums."""

UNRANKED = "queries that are not measured, "
"""Beginning of why a query has no metric."""

APART = "rows of a query that do not stand beside each other"

ONE = 1 << 20
"""What 1 is in the sums, which are whole numbers."""


class QueryCounter:
    """Counts queries.

    Args:
        sums: for each metric the number of queries, and the sums of its values and of their squares.
        gains: how relevant a row of each class is.
        problem: is told what is not measured.
    """

    def __init__(self, sums: Counts, gains: Numbers, problem: Callable[[str], None]) -> None:
        self._sums, self._gains, self._problem = sums, gains, problem
        self._open: tuple[Hashes, Numbers, Counts] | None = None
        self._seen = SeenRows()

    def add(self, query: Hashes, score: Numbers, label: Counts) -> None:
        """Count rows.

        Args:
            query: which query each row belongs to.
            score: its score.
            label: place of its class, below 0 where that is not known.
        """
        if self._open is not None:
            before, former, known = self._open
            query, score = np.concatenate((before, query)), np.concatenate((former, score))
            label = np.concatenate((known, label))
        cuts = [0, *(np.flatnonzero(query[1:] != query[:-1]) + 1)]
        for start, end in pairwise(cuts):
            self._count(query[start], score[start:end], label[start:end])
        self._open = (query[cuts[-1] :], score[cuts[-1] :], label[cuts[-1] :])

    def end(self) -> None:
        """Count the last query."""
        if self._open is not None and len(self._open[0]):
            query, score, label = self._open
            self._count(query[0], score, label)
        self._open = None

    def _count(self, query: np.uint64, score: Numbers, label: Counts) -> None:
        if not self._seen.add(int(query)):
            self._problem(APART)
            return
        if (label < 0).all():
            return
        if (label < 0).any():
            self._problem(f"{UNRANKED}since some of their rows have no label")
            return
        if not np.isfinite(score).all():
            self._problem(f"{UNRANKED}since some of their rows have no score")
            return
        gains = self._gains[label]
        if gains.max() <= 0:
            self._problem(f"{UNRANKED}since none of their rows is relevant")
            return
        for place, value in enumerate((ndcg(score, gains), reciprocal_rank(score, gains))):
            self._sums[place] += (1, round(value * ONE), round(value**2 * ONE))


def ndcg(score: Numbers, gains: Numbers) -> float:
    """Normalised discounted cumulative gain of all rows of a query, with gains as they are. Rows with one score share
    their places, https://scikit-learn.org/stable/modules/generated/sklearn.metrics.ndcg_score.html"""
    discounts = 1 / np.log2(np.arange(len(score)) + 2)
    _, group, rows = np.unique(-score, return_inverse=True, return_counts=True)
    mean = np.bincount(group, weights=gains) / rows
    sums = np.cumsum(discounts)[np.cumsum(rows) - 1]
    found = float(mean @ np.diff(sums, prepend=0.0))
    return found / float(np.sort(gains)[::-1] @ discounts)


def reciprocal_rank(score: Numbers, gains: Numbers) -> float:
    """One by the place of the first relevant row; among rows with its score it stands in the middle."""
    first = score[gains > 0].max()
    return float(1 / (np.sum(score > first) + (np.sum(score == first) + 1) / 2))
