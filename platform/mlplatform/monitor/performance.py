"""Metrics of the labelled rows from counts, each with its standard error."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from mlplatform.monitor.rankings import RANKINGS
from mlplatform.monitor.rows import Counts
from mlplatform.monitor.summary import ONE


@dataclass(frozen=True, slots=True)
class MetricEstimate:
    """A measured value."""

    value: float
    """The value."""

    error: float
    """Its standard error."""

    rows: int
    """Rows that it was measured on."""


def measure_metric(metric: str, counts: dict[str, Counts], group: int, scale: float) -> MetricEstimate | None:
    """One metric of one group of rows; None where these rows do not define it.

    Args:
        metric: its name.
        counts: the counts of a summary.
        group: place of the group.
        scale: standard deviation of the truth of a regression.
    """
    if metric in RANKINGS:
        # a query is of no slice: its rows are of several
        return None if group else _of_queries(counts["rankings"][RANKINGS.index(metric)])
    if metric in ("mae", "rmse", "brier"):
        return _error_of(metric, counts["errors"][group], scale)
    if metric == "auc":
        return _auc(counts["ranks"][group])
    table = counts["confusion"][group]
    rows = int(table.sum())
    if not rows:
        return None
    if metric in ("accuracy", "grounded"):
        return _share(int(np.trace(table)), rows)
    if len(table) != 2:
        return None
    missed, false, hit = int(table[0, 1]), int(table[1, 0]), int(table[1, 1])
    match metric:
        case "precision":
            return _share(hit, hit + false)
        case "recall":
            return _share(hit, hit + missed)
        case "positive_rate":
            return _share(hit + false, rows)
        case "f1":
            return _f1(hit, false + missed, rows)
        case _:
            return None


def _share(part: int, rows: int) -> MetricEstimate | None:
    if not rows:
        return None
    value = part / rows
    # with a half row more of each, so that a share of 0 or 1 is not taken for certain
    smooth = (part + 0.5) / (rows + 1)
    return MetricEstimate(value, sqrt(smooth * (1 - smooth) / rows), rows)


def _f1(hit: int, wrong: int, rows: int) -> MetricEstimate | None:
    if not hit + wrong:
        return None
    value = 2 * hit / (2 * hit + wrong)
    # of the share of hits among hits and wrong answers, by the chain rule
    share = (hit + 0.5) / (hit + wrong + 1)
    slope = 2 / (1 + share) ** 2
    return MetricEstimate(value, slope * sqrt(share * (1 - share) / (hit + wrong)), rows)


def _error_of(metric: str, sums: Counts, scale: float) -> MetricEstimate | None:
    rows = int(sums[0])
    if rows < 2:
        return None
    mean, square, fourth = (int(each) / ONE / rows for each in sums[1:])
    if metric == "mae":
        return MetricEstimate(scale * mean, scale * sqrt(max(square - mean**2, 0.0) / rows), rows)
    root = sqrt(square)
    spread = sqrt(max(fourth - square**2, 0.0) / rows)
    if metric == "brier":
        return MetricEstimate(square, spread, rows)
    return MetricEstimate(scale * root, scale * spread / (2 * root) if root else 0.0, rows)


def _of_queries(sums: Counts) -> MetricEstimate | None:
    queries = int(sums[0])
    if queries < 2:
        return None
    mean, square = (int(each) / ONE / queries for each in sums[1:])
    return MetricEstimate(mean, sqrt(max(square - mean**2, 0.0) / (queries - 1)), queries)


def _auc(table: Counts) -> MetricEstimate | None:
    """From bins of the score: rows of one bin count as equal, half. Error after Hanley and McNeil, 1982."""
    if table.shape[1] != 2:
        return None
    negative, positive = table[:-2, 0].astype(np.float64), table[:-2, 1].astype(np.float64)
    n, p = float(negative.sum()), float(positive.sum())
    if n < 1 or p < 1:
        return None
    value = float(np.sum(positive * (np.cumsum(negative) - negative / 2)) / (n * p))
    first, second = value / (2 - value), 2 * value**2 / (1 + value)
    variance = (value * (1 - value) + (p - 1) * (first - value**2) + (n - 1) * (second - value**2)) / (n * p)
    return MetricEstimate(value, sqrt(max(variance, 0.0)), int(n + p))
