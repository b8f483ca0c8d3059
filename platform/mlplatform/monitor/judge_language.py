"""Names what changed of a language model: what it is asked, or how it answers the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.monitor.compare import more_than
from mlplatform.monitor.findings import MonitorFinding, Shift, most_of_all
from mlplatform.monitor.profile import Profile
from mlplatform.monitor.summary import RowSummary

LEAST_REFUSED = 0.02
"""Share of answers by which refusals must have become more frequent."""

MOST_SHOWN = 20


def judge_language(
    profile: Profile, reference: RowSummary, window: RowSummary, moved: Sequence[Shift], share: float
) -> Iterator[MonitorFinding]:
    """The findings.

    Args:
        profile: the signals.
        reference: counts of the reference.
        window: counts of the window.
        moved: signals, and pairs of them, that moved.
        share: chance of a false alarm of refusals.
    """
    answers = [each for each in moved if "answer_" in each.what]
    prompts = [each for each in moved if each not in answers]
    refused = list(_refused(profile, reference, window, share))
    if prompts:
        also = f" The answers changed too: {answers[0].what} ({answers[0].words})." if answers else ""
        yield MonitorFinding(
            kind="covariate",
            words=f"What the model is asked changed. {most_of_all(prompts)}{also} Look whether another caller came; if "
            "none did, read some prompts, and train the model with such ones.",
            shifts=tuple((*prompts, *answers)[:MOST_SHOWN]),
        )
    if refused or (answers and not prompts):
        first = (*refused, *answers)[0]
        what = first.words if refused else f"{first.what} the most ({first.words})"
        asked = "." if prompts else ", and what it is asked did not."
        yield MonitorFinding(
            kind="prediction",
            words=f"The answers changed, {what}{asked} Compare the model that serves, its prompt template and its "
            "sampling with those of the reference.",
            shifts=tuple((*refused, *(() if prompts else answers))[:MOST_SHOWN]),
        )


def _refused(profile: Profile, reference: RowSummary, window: RowSummary, share: float) -> Iterator[Shift]:
    place, column = next((at, each) for at, each in enumerate(profile.columns) if each.name == "answer_kind")
    code = column.values.index("refused")
    now, then = (int(each.counts["inputs"][place][code]) for each in (window, reference))
    found = more_than(now, window.rows, then, reference.rows)
    if found.p_value <= share and found.size >= LEAST_REFUSED:
        words = f"the model refuses more often: {then / reference.rows:.1%} before, {now / window.rows:.1%} now"
        yield Shift(what="refusals", p_value=found.p_value, size=found.size, words=words)
