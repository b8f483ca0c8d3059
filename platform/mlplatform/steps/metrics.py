"""Metrics of predictions: their definitions are those of scikit-learn, and a proof holds them against it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mlplatform.spec.gates import COMPUTED_METRICS, LESS_IS_BETTER
from mlplatform.steps.cannot_judge import CannotJudge
from mlplatform.steps.predictions import Answers, Numbers

CUTOFF_FREE = ("auc", "average_precision", "log_loss", "brier", "mae", "rmse", "r2")
"""Metrics that depend on the scores alone: the evaluating step must have found the same values."""


def measure(metric: str, answers: Answers) -> float:
    """One metric of one model.

    Raises:
        CannotJudge: it is not defined for these rows, for example because all have one label.
    """
    if not len(answers.label):
        raise CannotJudge(f"there is no row to measure {metric} on")
    value = _MEASURES[metric](answers)
    if not np.isfinite(value):
        raise CannotJudge(f"{metric} is not defined for these rows")
    return float(value)


def improvement(metric: str, candidate: float, released: float) -> float:
    """By how much the candidate is better."""
    return released - candidate if metric in LESS_IS_BETTER else candidate - released


def right(answers: Answers) -> NDArray[np.bool_]:
    """Whether the predicted class is the label, by row."""
    if answers.predicted is not None:
        return np.array(answers.predicted == answers.label, dtype=np.bool_)
    return (_score(answers) >= 0.5) == _truth(answers)


def ranks(values: Numbers) -> Numbers:
    """The rank of each value from 1; equal ones share their mean rank."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]


def binary_scores(answers: Answers) -> tuple[NDArray[np.bool_], Numbers]:
    """Which rows are positive, and their scores.

    Raises:
        CannotJudge: the labels are not 0 and 1, all are the same, or there are no scores.
    """
    truth, score = _truth(answers), _score(answers)
    if truth.all() or not truth.any():
        raise CannotJudge(f"all of these rows have the label {int(truth[0])}")
    return truth, score


def _score(answers: Answers) -> Numbers:
    if answers.score is None:
        raise CannotJudge("the predictions have no score")
    return answers.score


def _truth(answers: Answers) -> NDArray[np.bool_]:
    return _zero_or_one(answers.label, "label")


def _zero_or_one(values: NDArray[np.object_], name: str) -> NDArray[np.bool_]:
    positive = np.array(values == 1.0, dtype=np.bool_)
    if not np.all(positive | np.array(values == 0.0, dtype=np.bool_)):
        raise CannotJudge(f"{name} has other values than 0 and 1")
    return positive


def _positive(answers: Answers) -> NDArray[np.bool_]:
    if answers.predicted is not None:
        return _zero_or_one(answers.predicted, "predicted")
    return _score(answers) >= 0.5


def _probability(answers: Answers) -> tuple[NDArray[np.bool_], Numbers]:
    truth, score = _truth(answers), _score(answers)
    if score.min() < 0.0 or score.max() > 1.0:
        raise CannotJudge("some scores are no probabilities: they are below 0 or above 1")
    return truth, score


def _auc(answers: Answers) -> float:
    truth, score = binary_scores(answers)
    positives = int(truth.sum())
    negatives = len(truth) - positives
    return float((ranks(score)[truth].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def _average_precision(answers: Answers) -> float:
    truth, score = binary_scores(answers)
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(truth[order])
    last = np.append(np.diff(score[order]) != 0, True)  # rows with one score come in together
    precision = hits[last] / (np.flatnonzero(last) + 1)
    recall = hits[last] / hits[-1]
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def _accuracy(answers: Answers) -> float:
    return float(right(answers).mean())


def _share(part: NDArray[np.bool_], of: NDArray[np.bool_]) -> float:
    """Share of rows that are in `part` among those in `of`; not a number where there are none."""
    return float(np.sum(part & of) / np.sum(of)) if of.any() else float("nan")


def _precision(answers: Answers) -> float:
    return _share(_truth(answers), _positive(answers))


def _recall(answers: Answers) -> float:
    return _share(_positive(answers), _truth(answers))


def _f1(answers: Answers) -> float:
    truth, positive = _truth(answers), _positive(answers)
    both = truth.sum() + positive.sum()
    return float(2 * np.sum(truth & positive) / both) if both else float("nan")


def _false_positive_rate(answers: Answers) -> float:
    return _share(_positive(answers), ~_truth(answers))


def _positive_rate(answers: Answers) -> float:
    return float(_positive(answers).mean())


def _log_loss(answers: Answers) -> float:
    truth, score = _probability(answers)
    least = np.finfo(np.float64).eps
    chance = np.clip(np.where(truth, score, 1 - score), least, 1 - least)
    return float(-np.log(chance).mean())


def _brier(answers: Answers) -> float:
    truth, score = _probability(answers)
    return float(np.mean((score - truth) ** 2))


def _errors(answers: Answers) -> tuple[Numbers, Numbers]:
    if any(not isinstance(value, float) for value in answers.label):
        raise CannotJudge("label has other values than numbers")
    label = answers.label.astype(np.float64)
    return label, label - _score(answers)


def _mae(answers: Answers) -> float:
    return float(np.abs(_errors(answers)[1]).mean())


def _rmse(answers: Answers) -> float:
    return float(np.sqrt(np.mean(_errors(answers)[1] ** 2)))


def _r2(answers: Answers) -> float:
    label, errors = _errors(answers)
    spread = float(np.sum((label - label.mean()) ** 2))
    return 1 - float(np.sum(errors**2)) / spread if spread else float("nan")


_MEASURES: dict[str, Callable[[Answers], float]] = {
    "auc": _auc,
    "average_precision": _average_precision,
    "accuracy": _accuracy,
    "precision": _precision,
    "recall": _recall,
    "f1": _f1,
    "r2": _r2,
    "log_loss": _log_loss,
    "brier": _brier,
    "false_positive_rate": _false_positive_rate,
    "mae": _mae,
    "rmse": _rmse,
    "positive_rate": _positive_rate,
}
assert set(_MEASURES) == set(COMPUTED_METRICS)
