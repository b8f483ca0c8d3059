"""Judges a window: what changed since the reference, by kind, and what nobody can tell.

The chance of a false alarm of one look is divided over six questions: the inputs, the answers, the labels, what inputs
mean, broken data, and metrics. Within each, many features are corrected for (Benjamini and Hochberg).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from mlplatform.monitor.capture import FAILED, NO_TIME, OTHER_TIME, TWICE
from mlplatform.monitor.collect import EXTRA, STRANGERS
from mlplatform.monitor.compare import adjusted, compare_classes, compare_numbers, compare_pairs
from mlplatform.monitor.findings import Conclusion, InputShape, MonitorFinding, MonitorReport, Shift, most_of_all
from mlplatform.monitor.judge_labels import LabelFindings, judge_labels
from mlplatform.monitor.judge_language import judge_language
from mlplatform.monitor.judge_quality import judge_quality
from mlplatform.monitor.label_problems import LABEL_PROBLEMS
from mlplatform.monitor.profile import MISSING, MOST_CLASSES, ColumnProfile, Profile
from mlplatform.monitor.rankings import UNRANKED
from mlplatform.monitor.rows import Counts
from mlplatform.monitor.speed import speed_of
from mlplatform.monitor.summary import RowSummary
from mlplatform.spec.monitor_job import MonitorSettings

QUESTIONS = 6
"""Shares of the chance of a false alarm."""

MOST_SHIFTS = 20
"""Shifts of one finding that are shown."""


@dataclass
class _Found:
    findings: list[MonitorFinding] = field(default_factory=list[MonitorFinding])
    not_judged: list[str] = field(default_factory=list[str])


def judge_window(
    settings: MonitorSettings,
    profile: Profile,
    reference: RowSummary,
    window: RowSummary,
    *,
    name: str,
    labels_expected: bool = True,
) -> MonitorReport:
    """Compare a window with the reference.

    Args:
        settings: what is asked.
        profile: the bins of both.
        reference: counts of the reference.
        window: counts of the window.
        name: the window's name.
        labels_expected: whether labels were given.
    """
    found = _Found()
    share = settings.alpha / QUESTIONS
    shapes = _shapes(profile, reference, window)
    answers: InputShape | None = None
    labels = LabelFindings()
    enough = _enough(settings, profile, reference, window, found)
    if enough:
        found.findings += judge_quality(profile, reference, window, share, inputs=settings.task != "language")
        inputs = _inputs(settings, profile, shapes, share) + _pairs(settings, profile, reference, window, share)
        answers = _shape(profile.answer, window.counts["answers"], reference.counts["answers"])
        labels = judge_labels(settings, profile, reference, window, share, labels_expected=labels_expected)
        found.not_judged += labels.not_judged
        if settings.task == "language":
            found.findings += judge_language(profile, reference, window, inputs, share)
        else:
            found.findings += _name_kinds(settings, inputs, answers, labels, share)
        found.findings += labels.performance
        found.not_judged += _unjudged_inputs(profile, reference, window)
    found.findings += _broken_files(window)
    shapes.sort(key=lambda each: (-each.size, each.name))
    conclusion: Conclusion = "changed" if found.findings else "no change found" if enough else "could not judge"
    return MonitorReport(
        endpoint=settings.endpoint,
        model=settings.model,
        version=profile.version,
        window=name,
        first=_time(window.first),
        last=_time(window.last),
        rows=window.rows,
        labelled=window.labelled,
        reference_rows=reference.rows,
        alpha=settings.alpha,
        conclusion=conclusion,
        words=_sum_up(settings, conclusion, found, window),
        findings=tuple(found.findings),
        not_judged=tuple(found.not_judged),
        noted=tuple(_small_problems(window)),
        measured=tuple(labels.measured),
        estimated_accuracy=labels.estimated,
        estimated_mae=labels.estimated_mae,
        inputs=tuple(shapes),
        answers=answers,
        served=tuple(speed_of(window.counts["speed"])) if "speed" in window.counts else (),
    )


def _enough(
    settings: MonitorSettings, profile: Profile, reference: RowSummary, window: RowSummary, found: _Found
) -> bool:
    """Whether there is anything to judge; a window of another model is not compared at all."""
    enough = True
    if settings.version is not None and profile.version is not None and settings.version != profile.version:
        found.not_judged.append(
            f"everything: the reference belongs to version {profile.version}, and version {settings.version} serves; "
            "give the reference of the version that serves"
        )
        enough = False
    for what, rows in (("window", window.rows), ("reference", reference.rows)):
        if rows < settings.least_rows:
            there = "no row" if not rows else "one row" if rows == 1 else f"{rows} rows"
            found.not_judged.append(f"everything: the {what} has {there}; expected at least {settings.least_rows}")
            enough = False
    return enough


def _shape(column: ColumnProfile, now: Counts, then: Counts) -> InputShape:
    bins = column.bins
    ours, theirs = now[:bins], then[:bins]
    compare = compare_numbers if column.kind == "number" else compare_classes
    found = compare(ours, theirs)
    return InputShape(
        name=column.name,
        p_value=found.p_value,
        size=found.size,
        window=tuple(float(each) for each in ours / max(int(ours.sum()), 1)),
        reference=tuple(float(each) for each in theirs / max(int(theirs.sum()), 1)),
    )


def _shapes(profile: Profile, reference: RowSummary, window: RowSummary) -> list[InputShape]:
    """The inputs with p-values for all of them together."""
    made = [
        _shape(column, window.counts["inputs"][place], reference.counts["inputs"][place])
        for place, column in enumerate(profile.columns)
    ]
    together = adjusted([each.p_value for each in made])
    return [each.model_copy(update={"p_value": p}) for each, p in zip(made, together, strict=True)]


def _inputs(settings: MonitorSettings, profile: Profile, shapes: list[InputShape], share: float) -> list[Shift]:
    made: list[Shift] = []
    for column, shape in zip(profile.columns, shapes, strict=True):
        # half for the inputs one by one, half for pairs
        if shape.p_value <= share / 2 and shape.size >= settings.least_shift:
            made.append(Shift(what=column.name, p_value=shape.p_value, size=shape.size, words=_moved(column, shape)))
    return sorted(made, key=lambda each: -each.size)


def _moved(column: ColumnProfile, shape: InputShape) -> str:
    """Where the rows went."""
    ours, theirs = np.array(shape.window), np.array(shape.reference)
    if column.kind == "category":
        most = int(np.argmax(np.abs(ours - theirs)))
        name = (
            column.values[most] if most < len(column.values) else "values that the reference does not have, or rarely"
        )
        return f"{name}: {theirs[most]:.1%} of rows before, {ours[most]:.1%} now"
    gaps = np.cumsum(ours - theirs)
    most = int(np.argmax(np.abs(gaps[:-1])))
    edge = column.edges[most]
    before, now = float(np.cumsum(theirs)[most]), float(np.cumsum(ours)[most])
    return f"at most {edge:.6g}: {before:.1%} of rows before, {now:.1%} now"


def _pairs(
    settings: MonitorSettings, profile: Profile, reference: RowSummary, window: RowSummary, share: float
) -> list[Shift]:
    made: list[Shift] = []
    # a correlation has two sides: twice the share of rows
    for pair in compare_pairs(window.counts, reference.counts, share / 2, 2 * settings.least_shift):
        first, second = profile.columns[pair.first].name, profile.columns[pair.second].name
        size = min(pair.difference.size, 1.0)
        made.append(
            Shift(
                what=f"{first} with {second}",
                p_value=pair.difference.p_value,
                size=size,
                words=f"they go together differently: their correlation changed by {size:.2f}",
            )
        )
    return sorted(made, key=lambda each: -each.size)


def _name_kinds(
    settings: MonitorSettings, inputs: list[Shift], answers: InputShape, labels: LabelFindings, share: float
) -> Iterator[MonitorFinding]:
    """The kinds of change that explain what is seen.

    The meaning of inputs (labels at the same score) separates the kinds: under a covariate shift it stays, whatever
    becomes of accuracy. If the labels became more or less frequent, and the inputs of each label are as before, that
    explains a changed meaning and changed inputs too: it is a prior shift.
    """
    if labels.concept and labels.prior and not labels.inputs_of_label_moved:
        yield MonitorFinding(
            kind="prior",
            words=f"{labels.prior[0].words}. The inputs of each label are as before, so the world has more or fewer of "
            "them. Correct the model's threshold, or train it with recent data.",
            shifts=tuple((*labels.prior, *inputs)[:MOST_SHIFTS]),
        )
        return
    if labels.concept:
        yield MonitorFinding(
            kind="concept",
            words=f"The same inputs mean something else: {labels.concept[0].words}. Train the model with labels from "
            "after the change.",
            shifts=tuple(labels.concept[:MOST_SHIFTS]),
        )
    if inputs:
        unknown = "" if labels.judged else " Whether they mean the same nobody can tell without labels."
        yield MonitorFinding(
            kind="covariate",
            words=f"The inputs changed. {most_of_all(inputs)}{unknown} Look whether their source changed; if it did "
            "not, train the model with recent data.",
            shifts=tuple(inputs[:MOST_SHIFTS]),
        )
    elif labels.prior and not labels.concept:
        yield MonitorFinding(
            kind="prior",
            words=f"{labels.prior[0].words}, while the inputs are as before. Correct the model's threshold, or train "
            "it with recent data.",
            shifts=tuple(labels.prior[:MOST_SHIFTS]),
        )
    elif not labels.concept and answers.p_value <= share and answers.size >= settings.least_shift:
        yield MonitorFinding(
            kind="prediction",
            words="The answers changed, and no input alone shows why. Compare the model that serves with the one "
            "of the reference.",
            shifts=(
                Shift(
                    what="the answers",
                    p_value=answers.p_value,
                    size=answers.size,
                    words=f"{answers.size:.1%} of the answers moved",
                ),
            ),
        )


def _unjudged_inputs(profile: Profile, reference: RowSummary, window: RowSummary) -> Iterator[str]:
    for place, column in enumerate(profile.columns):
        ours, theirs = (each.counts["inputs"][place] for each in (window, reference))
        if not ours[: column.bins].sum():
            yield f"{column.name}: it has no usable value in the window"
        elif not theirs[: column.bins].sum():
            yield f"{column.name}: it has no usable value in the reference"
        elif np.count_nonzero(theirs[: column.bins]) == 1 and np.count_nonzero(ours[: column.bins]) == 1:
            yield f"{column.name}: it is constant, so only another value would show a change"
        elif column.kind == "category" and len(column.values) == MOST_CLASSES and theirs[MOST_CLASSES]:
            yield f"{column.name}: which of its values beyond the {MOST_CLASSES} commonest came, they count as one"
    if not window.counts["answers"][:MISSING].sum():
        yield "the answers: none could be read"


SERIOUS = 0.01
"""Share of rows, or of exchanges, that could not be read, from which on it is a finding."""


HARMLESS = (FAILED, TWICE, EXTRA, STRANGERS, NO_TIME, UNRANKED)
"""What loses no row that the model answered: beginnings of its words."""


_CLOCKS = (
    "The clocks disagree: {worst}. They count in the window of their folder, so that a change can be told of the wrong "
    "hours. Set the clocks of what answers and of what writes the capture by one source."
)
_LABELS = "A part of the labels cannot be judged: {worst}. Mend what writes them."
_CAPTURE = "A part of the capture cannot be judged: {worst}. Mend what writes it."


def _broken_files(window: RowSummary) -> Iterator[MonitorFinding]:
    """What could not be read is a finding: what is lost may be what changed. Wrong times lose nothing, and mislead."""
    lost = {name: times for name, times in window.problems.items() if _is_serious(window, name)}
    for words in (_CAPTURE, _LABELS, _CLOCKS):
        names = [name for name in sorted(lost, key=lambda each: (-lost[each], each)) if _words_of(name) is words]
        if names:
            worst = ", ".join(f"{name} ({lost[name]} times)" for name in names[:3])
            yield MonitorFinding(
                kind="quality",
                words=words.format(worst=worst),
                shifts=tuple(
                    Shift(
                        what=name,
                        p_value=0.0,
                        size=min(1.0, lost[name] / max(window.rows + lost[name], 1)),
                        words=f"{lost[name]} times",
                    )
                    for name in names
                ),
            )


def _words_of(name: str) -> str:
    if name == OTHER_TIME:
        return _CLOCKS
    return _LABELS if name in LABEL_PROBLEMS else _CAPTURE


def _is_serious(window: RowSummary, name: str) -> bool:
    return not name.startswith(HARMLESS) and window.problems[name] >= max(1.0, SERIOUS * window.rows)


def _small_problems(window: RowSummary) -> Iterator[str]:
    for name, times in sorted(window.problems.items()):
        if not _is_serious(window, name):
            yield f"{name}: {times}"


def _sum_up(settings: MonitorSettings, conclusion: Conclusion, found: _Found, window: RowSummary) -> str:
    if conclusion == "changed":
        return " ".join(each.words for each in found.findings)
    if conclusion == "no change found":
        without = " Labels were not judged." if any("label" in each for each in found.not_judged) else ""
        return f"No change was found in {window.rows} rows of {settings.endpoint}.{without}"
    return f"Nothing could be judged: {'; '.join(found.not_judged)}."


def _time(moment: float | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")
