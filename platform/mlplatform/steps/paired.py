"""Paired tests: is the candidate better than the released model by more than chance on the same rows?

All are one-sided: the p-value is the chance of such a result if the improvement were the margin and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc, ndtr  # pyright: ignore[reportMissingTypeStubs] - SciPy has none

from mlplatform.spec.gates import ChampionSpec
from mlplatform.steps.cannot_judge import CannotJudge
from mlplatform.steps.metrics import binary_scores, improvement, measure, ranks, right
from mlplatform.steps.predictions import Answers, Numbers

DRAWS = 1000
"""Draws of the bootstrap: at 5 % its own error of the p-value is 0.7 percentage points."""

LEAST_OF_A_LABEL = 10
"""Rows of each label that DeLong's normal approximation needs at the least."""

_SEED = 0x6D6C
"""The same rows give the same verdict, however often a step is tried again."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of a paired test."""

    candidate: float
    """The candidate's value."""

    released: float
    """The released model's value."""

    improvement: float
    """By how much the candidate is better."""

    p_value: float
    """Chance of such a result if the improvement were the margin and no more."""


def compare(champion: ChampionSpec, candidate: Answers, released: Answers) -> Comparison:
    """Compare two models on the same rows.

    Raises:
        CannotJudge: the metric or the test is not defined for them.
    """
    values = measure(champion.metric, candidate), measure(champion.metric, released)
    better = improvement(champion.metric, *values)
    match champion.test:
        case "delong":
            p_value = delong(candidate, released, champion.margin)
        case "mcnemar":
            p_value = mcnemar(candidate, released)
        case "bootstrap":
            p_value = bootstrap(champion.metric, candidate, released, champion.margin)
    return Comparison(*values, better, p_value)


def delong(candidate: Answers, released: Answers, margin: float) -> float:
    """DeLong, DeLong and Clarke-Pearson (1988) for two ROC curves of the same rows, by ranks (Sun and Xu, 2014).

    Raises:
        CannotJudge: too few rows have one of the labels.
    """
    truth, ours = binary_scores(candidate)
    _, theirs = binary_scores(released)
    positives = int(truth.sum())
    negatives = len(truth) - positives
    if min(positives, negatives) < LEAST_OF_A_LABEL:
        raise CannotJudge(
            f"{min(positives, negatives)} rows have the rarer label, and DeLong's test needs {LEAST_OF_A_LABEL}"
        )
    places = [_placements(truth, scores) for scores in (ours, theirs)]
    difference = float(places[0][0].mean() - places[1][0].mean())
    by_positive, by_negative = places[0][0] - places[1][0], places[0][1] - places[1][1]
    variance = float(by_positive.var(ddof=1) / positives + by_negative.var(ddof=1) / negatives)
    if variance <= 0.0:
        return 0.0 if difference > margin else 1.0
    return float(ndtr(-(difference - margin) / sqrt(variance)))


def _placements(truth: NDArray[np.bool_], scores: Numbers) -> tuple[Numbers, Numbers]:
    """For each positive row the share of negatives below it, for each negative row the share of positives above it."""
    positives, negatives = scores[truth], scores[~truth]
    together = ranks(scores)
    below = (together[truth] - ranks(positives)) / len(negatives)
    above = 1.0 - (together[~truth] - ranks(negatives)) / len(positives)
    return below, above


def mcnemar(candidate: Answers, released: Answers) -> float:
    """McNemar's test, exact: of the rows that only one model has right, are more than half the candidate's?"""
    ours, theirs = right(candidate), right(released)
    won, lost = int(np.sum(ours & ~theirs)), int(np.sum(theirs & ~ours))
    # the chance of at least `won` heads in as many throws of a fair coin
    return float(bdtrc(won - 1, won + lost, 0.5)) if won else 1.0


def bootstrap(metric: str, candidate: Answers, released: Answers, margin: float, *, draws: int = DRAWS) -> float:
    """Draw the rows with replacement, the same for both: how often is the improvement no more than the margin?

    A draw for which the metric is not defined counts against the candidate.
    """
    generator = np.random.default_rng(_SEED)
    size = len(candidate.label)
    against = 0
    for _ in range(draws):
        chosen = generator.integers(0, size, size)
        try:
            better = improvement(
                metric, measure(metric, candidate.rows(chosen)), measure(metric, released.rows(chosen))
            )
        except CannotJudge:
            against += 1
            continue
        against += better <= margin
    return (against + 1) / (draws + 1)
