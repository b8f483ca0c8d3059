"""Broken data: inputs that are missing, of another type, unknown or far away more often than in the reference."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlplatform.monitor.compare import CountDifference, adjusted, more_than
from mlplatform.monitor.findings import MonitorFinding, Shift
from mlplatform.monitor.profile import MISSING, WRONG_TYPE, Profile
from mlplatform.monitor.summary import RowSummary

LEAST_BROKEN = 0.01
"""Share of rows by which something must be broken more often than before."""


def judge_quality(
    profile: Profile, reference: RowSummary, window: RowSummary, share: float, *, inputs: bool = True
) -> Iterator[MonitorFinding]:
    """The finding of broken inputs, if there are any.

    Args:
        profile: the inputs.
        reference: counts of the reference.
        window: counts of the window.
        share: chance of a false alarm for all inputs together.
        inputs: whether an input can be broken by itself. Signals that are made of texts cannot.
    """
    asked = list(_questions(profile if inputs else profile.model_copy(update={"columns": ()}), reference, window))
    together = adjusted([difference.p_value for _, _, difference in asked])
    shifts = [
        Shift(what=name, p_value=p_value, size=difference.size, words=words)
        for (name, words, difference), p_value in zip(asked, together, strict=True)
        if p_value <= share and difference.size >= LEAST_BROKEN
    ]
    shifts += _became_constant(profile, reference, window, answers=inputs and profile.answer.kind == "number")
    if shifts:
        shifts.sort(key=lambda each: (-each.size, each.what))
        worst = "; ".join(f"{each.what}: {each.words}" for each in shifts[:3])
        yield MonitorFinding(
            kind="quality", words=f"The data are broken: {worst}. Mend their source.", shifts=tuple(shifts[:20])
        )


def _questions(
    profile: Profile, reference: RowSummary, window: RowSummary
) -> Iterator[tuple[str, str, CountDifference]]:
    rows, known = window.rows, reference.rows
    for place, column in enumerate(profile.columns):
        ours, theirs = window.counts["inputs"][place], reference.counts["inputs"][place]
        parts = [
            ("are missing", int(ours[MISSING]), int(theirs[MISSING])),
            ("are of another type or not finite", int(ours[WRONG_TYPE]), int(theirs[WRONG_TYPE])),
        ]
        if column.kind == "category":
            other = len(column.values)
            parts.append(
                ("are values that the reference does not have, or rarely", int(ours[other]), int(theirs[other]))
            )
        else:
            far = int(window.counts["far"][place]), int(reference.counts["far"][place])
            parts.append(("are far from all that the reference has", *far))
        for words, now, then in parts:
            yield column.name, f"{now / rows:.1%} of rows {words}", more_than(now, rows, then, known)

    ours, theirs = window.counts["answers"], reference.counts["answers"]
    lost, before = (int(each[MISSING] + each[WRONG_TYPE]) for each in (ours, theirs))
    words = f"{lost / rows:.1%} of rows have none that can be read"
    yield "the answers", words, more_than(lost, rows, before, known)


def _became_constant(profile: Profile, reference: RowSummary, window: RowSummary, *, answers: bool) -> Iterator[Shift]:
    columns = [
        (column.name, *(each.counts["inputs"][place][: column.bins] for each in (window, reference)))
        for place, column in enumerate(profile.columns)
    ]
    if answers:
        bins = profile.answer.bins
        columns.append(("the answers", window.counts["answers"][:bins], reference.counts["answers"][:bins]))
    for name, ours, theirs in columns:
        then = theirs / max(int(theirs.sum()), 1)
        at = int(np.argmax(ours))
        # a column that had several bins has one: by chance only if that bin had nearly all rows before
        if ours.sum() and ours[at] == ours.sum() and then[at] < 1 and then[at] ** float(ours.sum()) < 1e-9:
            size = float(1 - then[at])
            yield Shift(what=name, p_value=0.0, size=size, words="all values are alike, which they were not")
