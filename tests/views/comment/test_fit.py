"""A comment within its limit."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mlplatform.views.comment.fit import Section, fit_sections

parts = st.lists(st.builds(Section, st.text(max_size=400), st.integers(0, 5), st.sampled_from(["a", "b", "details"])))


@settings(max_examples=40)
@given(parts, st.integers(200, 1500))
def test_it_fits(listed: list[Section], limit: int) -> None:
    assert len(fit_sections(listed, limit, hint="See there.")) <= limit


def test_the_least_important_section_is_left_out_first_and_named() -> None:
    listed = [Section("verdict\n"), Section("x" * 300, 1, "risks"), Section("y" * 300, 5, "details")]
    text = fit_sections(listed, 450, hint="See there.")
    assert text.startswith("verdict\n")
    assert "x" * 300 in text
    assert "y" not in text.split("\n", 1)[1].split("Left out")[0]
    assert text.endswith("Left out because comments have a length limit: details. See there.\n")


def test_there_is_no_note_where_everything_fits() -> None:
    assert fit_sections([Section("a\n"), Section("b\n", 3, "details")], 100, hint="See there.") == "a\nb\n"
