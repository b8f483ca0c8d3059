"""Indented JSON is the same text as Python's own, or the same refusal."""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlplatform.fast.indented import indented

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text() | st.integers() | st.none(), inner),
    max_leaves=8,
)


@settings(max_examples=60)
@given(VALUES)
def test_the_text_is_that_of_python(value: object) -> None:
    assert indented(value) == json.dumps(value, indent=2)


class Colour(IntEnum):
    RED = 1


class Text(str):
    def __str__(self) -> str:
        return "other"


OTHERS: list[object] = [
    *({}, [], (), {"a": []}, Colour.RED, {Colour.RED: Text("x")}, Text("x"), OrderedDict([("a", 1)])),
    *([1.5, math.inf], [-0.0, 1e300], "\ud800ä\x00"),
]


@pytest.mark.parametrize("value", OTHERS, ids=repr)
def test_values_of_other_classes_are_written_as_python_does(value: object) -> None:
    assert indented({"in": value}) == json.dumps({"in": value}, indent=2)


def endless() -> list[Any]:
    inner: list[Any] = []
    inner.append({"again": inner})
    return inner


@pytest.mark.parametrize(
    "value", [{1, 2}, {"a": object()}, {("a",): 1}, endless()], ids=["set", "object", "key", "endless"]
)
def test_what_python_refuses_is_refused_alike(value: object) -> None:
    with pytest.raises((TypeError, ValueError)) as expected:
        json.dumps(value, indent=2)
    with pytest.raises(type(expected.value)) as refused:
        indented(value)
    assert str(refused.value) == str(expected.value)
