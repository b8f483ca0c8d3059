"""Sentences of a report that can be read in one way only."""

from __future__ import annotations

from mlplatform.monitor.findings import Shift, most_of_all


def _shift(what: str, words: str) -> Shift:
    return Shift(what=what, p_value=0.0, size=0.5, words=words)


def test_a_figure_stands_beside_the_input_that_it_is_of() -> None:
    shifts = [_shift("amount", "24% of the rows moved, to at most 3.1"), _shift("hour", "12% of the rows moved")]
    said = most_of_all(shifts)
    assert said == "Most of all amount (24% of the rows moved, to at most 3.1); less so hour."


def test_one_input_has_none_that_changed_less() -> None:
    assert most_of_all([_shift("amount", "24% moved")]) == "Most of all amount (24% moved)."
