"""Templates take values as they stand."""

from __future__ import annotations

from mlplatform.backends.azure.foundation.templates import literal_text, to_wire


def test_brackets_and_nested_arguments_travel_as_they_stand() -> None:
    assert literal_text("[1]") == "[[1]"
    assert literal_text("1") == "1"
    assert to_wire({"a": ["[b]", None, 1]}) == {"a": ["[[b]", None, 1]}
