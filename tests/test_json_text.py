"""JSON from outside is read strictly: what a later step would trip over is refused where it is read."""

from __future__ import annotations

import json

import pytest

from mlplatform.json_text import NotJson, parse_document, parse_json

REFUSED = {
    "syntax": ('{"a": }', "Expecting value"),
    "key twice": ('{"Effect": "Deny", "Effect": "Allow"}', "the key 'Effect' twice"),
    "key twice inside": ('[{"a": {"b": 1, "b": 2}}]', "the key 'b' twice"),
    "not a number": ('{"a": NaN}', "NaN"),
    "infinite": ("[-Infinity]", "-Infinity"),
    "infinite by its exponent": ("[1e999]", "the number 1e999"),
    "endless": ("[" + "9" * 5000 + "]", "a number of 5,000 digits"),
    "endless and negative": ("[-" + "9" * 400 + "]", "a number of 401 digits"),
    "deep": ("[" * 65 + "]" * 65, "more than 64 levels"),
    "deep in objects": ('{"a":' * 300 + "1" + "}" * 300, "more than 64 levels"),
    "deeper than the parser": ("[" * 100_000, "more than 64 levels"),
    "half a pair": ('["\\ud800"]', "half of a surrogate pair"),
    "half a pair as key": ('{"\\uDFFF": 1}', "half of a surrogate pair"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str):
    text, got = REFUSED[case]
    with pytest.raises(NotJson, match=got.replace("[", r"\[")) as error:
        parse_json(text)
    assert error.value.expected
    assert error.value.fix
    assert parse_document(text) is None


def test_what_other_tools_write_is_read():
    value = {"a": [1, 2.5, -3e-7, None, True, "\U0001f600"], "b": {"c": "\u00e9"}}
    assert parse_json(json.dumps(value)) == value
    deepest: object = 1
    for _ in range(64):
        deepest = [deepest]
    assert parse_json(json.dumps(deepest)) == deepest


@pytest.mark.parametrize("text", ["", "plain", "12", '"text"'])
def test_a_text_without_object_or_list_has_no_document(text: str):
    assert parse_document(text) is None
