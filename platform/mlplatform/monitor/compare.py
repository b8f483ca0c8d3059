"""Tests between two rows of counts: how likely such a difference is by chance, and how large it is.

Significance and size are two questions: among ten million rows every difference is significant, and among a hundred
every difference is large. A finding needs both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import (  # pyright: ignore[reportMissingTypeStubs] - SciPy has none
    chdtrc,
    kolmogorov,
    ndtr,
)

from mlplatform.monitor.rows import Counts, Numbers

LEAST_EXPECTED = 5.0
"""Expected count below which a cell is judged together with others: the usual bound of the chi-squared test."""


@dataclass(frozen=True, slots=True)
class CountDifference:
    """How two sets of counts differ."""

    p_value: float
    """Chance of such a difference, or a greater one, if nothing changed."""

    size: float
    """Share of the rows that moved, 0 to 1."""


SAME = CountDifference(1.0, 0.0)


def compare_numbers(now: Counts, then: Counts) -> CountDifference:
    """Kolmogorov-Smirnov at the edges of bins: the greatest difference between shares of rows below an edge.

    The test at some values alone is never more sensitive than at all of them, so its p-value holds.
    """
    rows_now, rows_then = int(now.sum()), int(then.sum())
    if not rows_now or not rows_then:
        return SAME
    size = float(np.max(np.abs(np.cumsum(now) / rows_now - np.cumsum(then) / rows_then)))
    effective = sqrt(rows_now * rows_then / (rows_now + rows_then))
    return CountDifference(float(kolmogorov(effective * size)), size)


def compare_classes(now: Counts, then: Counts) -> CountDifference:
    """Chi-squared test of shares; the size is the share of rows that would have to change their class."""
    rows_now, rows_then = int(now.sum()), int(then.sum())
    if not rows_now or not rows_then:
        return SAME
    size = float(np.abs(now / rows_now - then / rows_then).sum() / 2)
    both = now + then
    enough = both * min(rows_now, rows_then) / (rows_now + rows_then) >= LEAST_EXPECTED
    table = np.stack([now[enough], then[enough]]).astype(np.float64)
    rest = np.array([[now[~enough].sum()], [then[~enough].sum()]], dtype=np.float64)
    if rest.sum() * min(rows_now, rows_then) / (rows_now + rows_then) >= LEAST_EXPECTED:
        table = np.hstack([table, rest])
    if table.shape[1] < 2:
        return CountDifference(1.0, size)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    return CountDifference(float(chdtrc(table.shape[1] - 1, statistic)), size)


def more_than(now: int, rows_now: int, then: int, rows_then: int) -> CountDifference:
    """Whether a share grew, one-sided."""
    if not rows_now or not rows_then:
        return SAME
    grown = now / rows_now - then / rows_then
    common = (now + then) / (rows_now + rows_then)
    spread = sqrt(common * (1 - common) * (1 / rows_now + 1 / rows_then))
    return CountDifference(float(ndtr(-grown / spread)) if spread > 0 else 1.0, max(grown, 0.0))


@dataclass(frozen=True, slots=True)
class PairDifference:
    """How differently two inputs go together."""

    first: int
    """MonitorPlace of the one."""

    second: int
    """MonitorPlace of the other."""

    difference: CountDifference
    """Chance, and change of the correlation of above and below the middle."""


def compare_pairs(
    now: dict[str, Counts], then: dict[str, Counts], chance: float, least_size: float
) -> list[PairDifference]:
    """The pairs of inputs that do not go together as before, whatever became of each one.

    The correlation of signs is compared; its variance is that of its influence function, from the four cells.

    Args:
        now: counts of the window.
        then: counts of the reference.
        chance: chance of a false alarm for all pairs together.
        least_size: least change of a correlation.
    """
    ours, ours_spread, ours_usable = _correlations(now)
    theirs, theirs_spread, theirs_usable = _correlations(then)
    usable = ours_usable & theirs_usable
    first, second = np.triu_indices(len(ours), k=1)
    chosen = usable[first, second]
    first, second = first[chosen], second[chosen]
    change = ours[first, second] - theirs[first, second]
    spread = np.sqrt(ours_spread[first, second] + theirs_spread[first, second])
    with np.errstate(divide="ignore", invalid="ignore"):
        p_values = np.where(spread > 0, 2 * ndtr(-np.abs(change) / spread), 1.0)
    # two thousand inputs have two million pairs: an object for those that changed alone
    together = np.asarray(adjusted(p_values), dtype=np.float64)
    return [
        PairDifference(int(first[at]), int(second[at]), CountDifference(float(together[at]), abs(float(change[at]))))
        for at in np.nonzero((together <= chance) & (np.abs(change) >= least_size))[0]
    ]


def _correlations(
    counts: dict[str, Counts],
) -> tuple[Numbers, Numbers, np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    both = counts["both"].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        product, mine = counts["signs"] / both, counts["sums"] / both
        other = mine.T
        # shares of the four cells: both above, the first alone, the second alone, none
        cells = [(1 + a * mine + b * other + a * b * product) / 4 for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
        usable = np.min(cells, axis=0) * both >= LEAST_EXPECTED
        wide, high = np.sqrt(1 - mine**2), np.sqrt(1 - other**2)
        correlation = (product - mine * other) / (wide * high)
        variance = np.zeros_like(product)
        for share, (a, b) in zip(cells, ((1, 1), (1, -1), (-1, 1), (-1, -1)), strict=True):
            u, v = (a - mine) / wide, (b - other) / high
            variance += share * (u * v - correlation * (u**2 + v**2) / 2) ** 2
        return correlation, variance / both, usable & np.isfinite(correlation)


def compare_outcomes(now: Counts, then: Counts) -> CountDifference:
    """Whether an outcome is as likely as before at the same score.

    Two tests share the chance: whether the outcome became more or less likely as a whole or with the score (two degrees
    of freedom), and whether it changed in any bin of the score.

    Args:
        now: rows with and without the outcome, by bin of the score: two columns.
        then: the same of the reference.
    """
    ours, theirs = now.sum(axis=1).astype(np.float64), then.sum(axis=1).astype(np.float64)
    everything = ours + theirs
    usable = (ours > 0) & (theirs > 0) & (everything > 1)
    hits = (now[:, 1] + then[:, 1]).astype(np.float64)
    if not usable.any():
        return SAME
    ours, theirs, everything, hits = ours[usable], theirs[usable], everything[usable], hits[usable]
    got, had = now[usable, 1], then[usable, 1]
    surplus = got - ours * hits / everything
    variance = ours * theirs * hits * (everything - hits) / (everything**2 * (everything - 1))
    size = float(np.sum(ours * np.abs(got / ours - had / theirs)) / ours.sum())
    place = np.arange(len(now), dtype=np.float64)[usable]
    place -= float(np.average(place, weights=variance)) if variance.sum() > 0 else 0.0
    trend, bend = float(surplus.sum()), float((place * surplus).sum())
    whole, sloped = float(variance.sum()), float((place**2 * variance).sum())
    statistic, degrees = 0.0, 0
    # with places around their weighted mean the two parts are uncorrelated
    for part, spread in ((trend, whole), (bend, sloped)):
        if spread > LEAST_EXPECTED / 4:
            statistic, degrees = statistic + part**2 / spread, degrees + 1
    directed = float(chdtrc(degrees, statistic)) if degrees else 1.0
    rare = np.minimum(hits, everything - hits) * np.minimum(ours, theirs) / everything
    enough = rare >= LEAST_EXPECTED
    anywhere = (
        float(chdtrc(int(enough.sum()), np.sum(surplus[enough] ** 2 / variance[enough]))) if enough.any() else 1.0
    )
    return CountDifference(min(1.0, 2 * min(directed, anywhere)), size)


def adjusted(p_values: Sequence[float] | Numbers) -> list[float]:
    """p-values for many questions at once (Benjamini and Hochberg)."""
    found = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(found, kind="stable")
    scaled = found[order] * len(found) / np.arange(1, len(found) + 1)
    made = np.empty_like(found)
    made[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return [float(each) for each in made]
