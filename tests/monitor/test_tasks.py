"""Regressions, several classes, and models that answer classes alone."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from mlplatform.monitor.rows import RowBatch, values
from mlplatform.monitor.tell import page_of, prometheus_text
from mlplatform.spec.monitor_job import MonitorSettings

from .worlds import Known, known

REGRESSION = MonitorSettings.model_validate(
    {
        "endpoint": "prices",
        "model": "price",
        "task": "regression",
        "inputs": [{"name": name} for name in "abc"],
        "metrics": [{"metric": "mae"}, {"metric": "rmse", "at_most": 1.5}],
        "runs_per_year": 100,
    }
)


def houses(rows: int, seed: int, change: Literal["none", "covariate", "concept"] = "none") -> RowBatch:
    """A price is a sum of inputs; the concept shift makes one of them worth nothing."""
    draw = np.random.default_rng([seed, 3])
    inputs = draw.normal(size=(3, rows))
    if change == "covariate":
        inputs[1] += 0.5
    weights = np.array([2.0, 1.0, 0.5])
    true = np.array([2.0, 0.0, 0.5]) if change == "concept" else weights
    label = true @ inputs + draw.normal(size=rows)
    return RowBatch(tuple(inputs), score=weights @ inputs, label=values(list(label)))


@pytest.fixture(scope="module")
def prices() -> Known:
    return known(houses(4000, 1), REGRESSION)


@pytest.mark.parametrize(
    ("change", "kinds"), [("none", set[str]()), ("covariate", {"covariate"}), ("concept", {"concept", "performance"})]
)
def test_a_regression(prices: Known, change: Literal["none", "covariate", "concept"], kinds: set[str]) -> None:
    report = prices.judge(houses(3000, 2, change))
    assert {each.kind for each in report.findings} == kinds
    rmse = next(each for each in report.measured if each.metric == "rmse")
    labels = houses(3000, 2, change)
    assert labels.score is not None
    assert labels.label is not None
    exact = float(np.sqrt(np.mean((labels.label.astype(np.float64) - labels.score) ** 2)))
    assert rmse.value == pytest.approx(exact, rel=1e-4)


def test_the_error_to_expect_while_labels_are_late() -> None:
    """Answers far from the middle are worse here, so a window of those has a greater error than all rows."""
    draw = np.random.default_rng(4)
    far = houses(20_000, 5)
    assert far.score is not None
    assert far.label is not None
    noise = draw.normal(size=len(far)) * np.abs(far.score)
    worse = RowBatch(far.inputs, score=far.score, label=values(list(far.score + noise)))
    there = known(worse, REGRESSION)
    high = np.abs(far.score) > 2
    window = RowBatch(tuple(each[high] for each in far.inputs), score=far.score[high])
    report = there.judge(window)
    assert report.estimated_mae == pytest.approx(float(np.mean(np.abs(noise[high]))), rel=0.05)
    assert "Mean absolute error to expect" in page_of(report)
    assert "mlplatform_monitor_estimated_mae" in prometheus_text(report)


CLASSES = MonitorSettings.model_validate(
    {
        "endpoint": "kinds",
        "model": "kind",
        "task": "classification",
        "score": None,
        "predicted": "kind",
        "inputs": [{"name": "a"}, {"name": "b"}],
        "runs_per_year": 100,
    }
)


def kinds_of(rows: int, seed: int, *, mixed_up: bool = False) -> RowBatch:
    """Three classes by place; the concept shift exchanges two of them in half of the rows."""
    draw = np.random.default_rng([seed, 4])
    label = draw.integers(3, size=rows)
    inputs = draw.normal(size=(2, rows)) + 2 * np.array([np.cos(2.1 * label), np.sin(2.1 * label)])
    angle = np.round(np.arctan2(inputs[1], inputs[0]) / 2.1) % 3
    if mixed_up:
        label = np.where((label != 2) & (draw.random(rows) < 0.5), 1 - label, label)
    names = ("cat", "dog", "cow")
    return RowBatch(
        tuple(inputs),
        predicted=values([names[int(each)] for each in angle]),
        label=values([names[int(each)] for each in label]),
    )


def test_several_classes_without_a_score() -> None:
    there = known(kinds_of(4000, 1), CLASSES)
    assert there.judge(kinds_of(2000, 2)).conclusion == "no change found"
    report = there.judge(kinds_of(2000, 3, mixed_up=True))
    assert [each.kind for each in report.findings] == ["concept", "performance"]
    assert report.estimated_accuracy is not None


def test_a_class_that_the_reference_does_not_have_is_named() -> None:
    there = known(kinds_of(4000, 1), CLASSES)
    rows = kinds_of(2000, 2)
    assert rows.label is not None
    new = values([None if place % 20 else "horse" for place in range(2000)])
    report = there.judge(RowBatch(rows.inputs, predicted=rows.predicted, label=new))
    (quality,) = [each for each in report.findings if each.kind == "quality"]
    assert "labels of a class that the reference does not have (100 times)" in quality.words


def test_small_problems_are_noted_and_duplicates_are_no_finding() -> None:
    there = known(houses(4000, 1), REGRESSION)
    window = there.count(houses(3000, 2))
    window.problem("lines that are cut off, or no JSON", 3)
    window.problem("exchanges that were written twice; they count once", 3000)
    from mlplatform.monitor.judge import judge_window

    report = judge_window(REGRESSION, there.profile, there.summary, window, name="day")
    assert report.conclusion == "no change found"
    assert "lines that are cut off, or no JSON: 3" in report.noted
    assert len(report.noted) == 2


CHANCES = MonitorSettings.model_validate(
    {
        "endpoint": "fraud",
        "model": "fraud",
        "task": "classification",
        "inputs": [{"name": "a"}],
        "metrics": [{"metric": "brier"}, {"metric": "accuracy"}],
        "runs_per_year": 100,
    }
)


def chances(rows: int, seed: int, *, sure: bool = False) -> RowBatch:
    """Scores that are the chances of label 1; or those of a model that is far too sure of the same answers."""
    draw = np.random.default_rng([seed, 11])
    raw = draw.normal(size=rows)
    score = 1 / (1 + np.exp(-(4 * raw if sure else raw)))
    label = draw.random(rows) < 1 / (1 + np.exp(-raw))
    return RowBatch((raw,), score=score, label=values([int(each) for each in label]))


def test_the_brier_score_is_exact_and_sees_scores_that_are_no_chances() -> None:
    """Accuracy is as before: the answers are on the same side of one half."""
    there = known(chances(4000, 1), CHANCES)
    same, sure = there.judge(chances(3000, 2)), there.judge(chances(3000, 2, sure=True))
    rows = chances(3000, 2)
    assert rows.label is not None
    assert rows.score is not None
    exact = float(np.mean((rows.label.astype(np.float64) - rows.score) ** 2))
    assert next(each for each in same.measured if each.metric == "brier").value == pytest.approx(exact, rel=1e-4)
    assert same.conclusion == "no change found", same.words
    (worse,) = [each for each in sure.findings if each.kind == "performance"]
    assert "brier" in worse.words
    assert "accuracy" not in worse.words
    assert "concept" in {each.kind for each in sure.findings}, "labels at the same answer: what calibration is"
