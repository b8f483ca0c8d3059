"""What the monitor finds: the right kind of change, nothing without one, and the same in any number of parts."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from mlplatform.monitor.judge import judge_window
from mlplatform.monitor.rows import RowBatch, values
from mlplatform.monitor.summary import NotMergeable, RowSummary, load_summary

from .worlds import SETTINGS, Change, Known, known, world


@pytest.fixture(scope="module")
def reference() -> Known:
    return known(world(4000, 1))


NAMED: dict[Change, tuple[str | None, str]] = {
    "none": (None, ""),
    "covariate": ("covariate", "x0"),
    "joint": ("covariate", "x4 with x5"),
    "prior": ("prior", "label 1"),
    "concept": ("concept", "all rows"),
}
"""The kind that each planted change has, and what carries it."""


@pytest.mark.parametrize("change", NAMED)
def test_a_planted_change_is_named_with_what_carries_it(reference: Known, change: Change) -> None:
    kind, what = NAMED[change]
    report = reference.judge(world(2000, 2, change))
    kinds = [each.kind for each in report.findings if each.kind != "performance"]
    assert kinds == ([kind] if kind else [])
    if kind:
        assert report.conclusion == "changed"
        assert report.findings[0].shifts[0].what == what
    else:
        assert report.conclusion == "no change found"


def test_eight_unequal_parts_in_another_order_are_one_worker(reference: Known) -> None:
    rows = world(2000, 3, "concept")
    whole = reference.count(rows)
    cuts = [0, 1, 9, 130, 600, 601, 1200, 1999, 2000]
    parts = [reference.count(_part(rows, *cuts[at : at + 2])) for at in range(8)]
    random.Random(5).shuffle(parts)
    merged = RowSummary(reference.profile.digest, {name: np.zeros_like(each) for name, each in whole.counts.items()})
    for part in parts:
        # as another machine sends it
        merged.merge(load_summary(part.dump()))
    one, eight = (
        judge_window(SETTINGS, reference.profile, reference.summary, each, name="day") for each in (whole, merged)
    )
    assert one == eight
    assert one.findings


def test_parts_of_another_profile_are_refused(reference: Known) -> None:
    with pytest.raises(NotMergeable):
        reference.count(world(300, 4)).merge(known(world(4000, 9)).summary)


def test_without_labels_no_meaning_is_judged_and_the_report_says_when_they_come(reference: Known) -> None:
    settings = SETTINGS.model_copy(update={"label_days": 7.0})
    late = Known(settings, reference.profile, reference.summary)
    report = late.judge(world(2000, 5, "concept", labels=False))
    assert report.conclusion == "no change found"
    assert "Labels were not judged" in report.words
    assert any("due 7 days after" in each for each in report.not_judged)
    # what is estimated from scores is right where the meaning of inputs stayed
    same = late.judge(world(20_000, 6, labels=False)).estimated_accuracy
    known_labels = {each.metric: each.value for each in late.judge(world(20_000, 6)).measured if not each.part}
    assert same == pytest.approx(known_labels["accuracy"], abs=0.02)


def test_a_difference_that_is_significant_but_small_is_no_finding() -> None:
    """Fifty times the rows show a shift of 0.05 standard deviations without doubt; nobody wants to hear of it."""
    there = known(world(60_000, 7))
    rows = world(60_000, 8)
    moved = RowBatch((np.asarray(rows.inputs[0]) + 0.05, *rows.inputs[1:]), rows.score, label=rows.label)
    report = there.judge(moved)
    (shape,) = [each for each in report.inputs if each.name == "x0"]
    assert shape.p_value < 1e-6
    assert report.conclusion == "no change found"


def _batch(rows: RowBatch, place: int, column: object) -> RowBatch:
    inputs = list(rows.inputs)
    inputs[place] = column  # type: ignore[call-overload]
    return RowBatch(tuple(inputs), rows.score, label=rows.label)


BROKEN = {
    "missing": (0, values([None if row % 10 == 0 else 0.1 * (row % 30 - 15) for row in range(2000)]), "are missing"),
    "mixed types": (0, values(["n/a" if row % 20 == 0 else float(row % 7) for row in range(2000)]), "another type"),
    "infinite": (0, np.where(np.arange(2000) % 20, 0.5, np.inf), "another type or not finite"),
    "far away": (0, np.where(np.arange(2000) % 20, 0.5, 1e9), "are far from all"),
    "all null": (0, values([None] * 2000), "100.0% of rows are missing"),
    "constant": (0, np.full(2000, 0.1), "all values are alike"),
    "unseen values": (6, values(["XX" if row % 10 == 0 else "DE" for row in range(2000)]), "does not have"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_inputs_are_named(reference: Known, case: str) -> None:
    place, column, words = BROKEN[case]
    report = reference.judge(_batch(world(2000, 10), place, column))
    (quality,) = [each for each in report.findings if each.kind == "quality"]
    assert any(words in each.words for each in quality.shifts)
    assert all(each.what == SETTINGS.inputs[place].name for each in quality.shifts)


def test_an_input_that_was_always_constant_is_said_not_to_be_judged() -> None:
    same = np.full(4000, 3.0)
    there = known(_batch(world(4000, 1), 0, same))
    report = there.judge(_batch(world(2000, 2), 0, same[:2000]))
    assert any(each.startswith("x0: it is constant") for each in report.not_judged)
    other = there.judge(_batch(world(2000, 2), 0, np.full(2000, 4.0)))
    assert any("x0" in each.words for each in other.findings)


@pytest.mark.parametrize("rows", [0, 1, 199])
def test_too_few_rows_are_not_judged(reference: Known, rows: int) -> None:
    report = reference.judge(_part(world(2000, 11), 0, rows))
    assert report.conclusion == "could not judge"
    assert "expected at least 200" in report.words


def test_the_reference_of_another_version_is_not_compared(reference: Known) -> None:
    settings = SETTINGS.model_copy(update={"version": "8"})
    profile = reference.profile.model_copy(update={"version": "7"})
    report = judge_window(settings, profile, reference.summary, reference.count(world(2000, 12)), name="day")
    assert report.conclusion == "could not judge"
    assert "version 7" in report.words


def _part(rows: RowBatch, start: int, end: int) -> RowBatch:
    assert rows.score is not None
    assert rows.label is not None
    return RowBatch(
        tuple(each[start:end] for each in rows.inputs), score=rows.score[start:end], label=rows.label[start:end]
    )


SEEDS = 100
MOST_ALARMS = 11
"""With a chance of 5 %, so many false alarms of 100 looks or fewer happen with a chance of 99 % (binomial, 0.99)."""

POWER: dict[Change, float] = {"covariate": 0.95, "joint": 0.95, "prior": 0.95, "concept": 0.95}
"""The share of planted changes that are found and named, stated before the run; sizes are in `worlds`."""


@pytest.mark.thorough
def test_false_alarms_and_power_over_a_hundred_seeds() -> None:
    named: Counter[Change] = Counter()
    alarms = significant = 0
    tiny = SETTINGS.model_copy(update={"least_shift": 1e-9, "least_concept": 1e-9, "least_loss": 1e-9})
    for seed in range(SEEDS):
        there = known(world(4000, seed))
        day = world(2000, seed + 10**6)
        alarms += there.judge(day).conclusion == "changed"
        # without any least size too, so that the tests themselves hold what they promise
        significant += Known(tiny, there.profile, there.summary).judge(day).conclusion == "changed"
        for change in POWER:
            report = there.judge(world(2000, seed + 10**6, change))
            kinds = [each.kind for each in report.findings if each.kind != "performance"]
            named[change] += kinds == [NAMED[change][0]]
    assert alarms <= MOST_ALARMS
    assert significant <= MOST_ALARMS
    assert {change: named[change] / SEEDS >= least for change, least in POWER.items()} == dict.fromkeys(POWER, True)


def test_pairs_of_whole_rows_are_counted_like_those_with_gaps(reference: Known) -> None:
    """Rows in which nothing is missing take a shorter way to the same counts."""
    rows = world(600, 12)
    whole = reference.count(rows).counts
    gaps = reference.count(_batch(rows, 5, values([None, *np.asarray(rows.inputs[5]).tolist()[1:]]))).counts
    for name in ("signs", "sums", "both"):
        same = whole[name][:5, :5]
        assert (same == gaps[name][:5, :5]).all(), name
    assert gaps["both"][5, 5] == whole["both"][5, 5] - 1
