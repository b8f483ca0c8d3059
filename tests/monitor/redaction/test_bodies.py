"""Bodies of requests and answers without what the rules name: nothing of it is left in any form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlplatform.monitor.chats import answer_of
from mlplatform.monitor.redaction.bodies import Redactor, Side, Withheld
from mlplatform.spec.redaction_job import RedactionJob

SECRET = "ada@example.org"
JSON = "application/json"


def redactor(**rules: object) -> Redactor:
    given: dict[str, object] = {"fields": ["email"], "kinds": ["email", "card"], "patterns": ["K-[0-9]{4}"], **rules}
    return Redactor(RedactionJob.model_validate(given))


def stream(*pieces: str, end: str = "data: [DONE]") -> str:
    events = [
        {"id": "c1", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": piece}}]}
        for piece in pieces
    ]
    return "\n\n".join([*(f"data: {json.dumps(event)}" for event in events), end]) + "\n\n"


NAMED: dict[str, tuple[str, str, Side]] = {
    "rows": (json.dumps({"instances": [{"Email": SECRET, "amount": 3}]}), JSON, "request"),
    "deep": (json.dumps({"a": [{"b": {"EMAIL": {"at": SECRET}}}]}), JSON, "answer"),
    "split": (
        json.dumps({"dataframe_split": {"columns": ["amount", "email"], "data": [[3, SECRET]]}}),
        JSON,
        "request",
    ),
    "tensors": (json.dumps({"inputs": [{"name": "email", "shape": [1], "data": [SECRET]}]}), JSON, "request"),
    "pairs": (json.dumps({"features": [{"key": "email", "value": SECRET}]}), JSON, "request"),
    "JSON in a text": (json.dumps({"tool_calls": [{"arguments": json.dumps({"email": SECRET})}]}), JSON, "answer"),
    "lines of JSON": (f'{{"email": "{SECRET}"}}\n{{"email": "x"}}', "application/jsonlines", "request"),
    "CSV": (f"amount,email\n3,{SECRET}\n4,", "text/csv", "request"),
    "CSV that says nothing": (f"email,amount\n{SECRET},3\n", "", "request"),
}


@pytest.mark.parametrize("case", NAMED)
def test_a_named_field_is_removed_in_every_form(case: str) -> None:
    text, kind, side = NAMED[case]
    made = redactor(kinds=[], patterns=[]).body(text, kind, side)
    assert SECRET not in made
    assert "amount" not in text or "3" in made, "the other values stay"


TEXTS: dict[str, tuple[str, str]] = {
    "prompt": (json.dumps({"messages": [{"role": "user", "content": f"I am {SECRET}"}]}), JSON),
    "parts": (json.dumps({"messages": [{"content": [{"type": "text", "text": SECRET}]}]}), JSON),
    "escaped": (json.dumps({"prompt": SECRET}).replace("@", "\\u0040"), JSON),
    "key": (json.dumps({SECRET: 1}), JSON),
    "tokens": (
        json.dumps({"choices": [{"logprobs": {"content": [{"token": "ada@"}, {"token": "example.org"}]}}]}),
        JSON,
    ),
    "plain": (f"from {SECRET}", "text/plain"),
    "stream in one piece": (stream(f"I am {SECRET}."), "text/event-stream"),
    "stream cut": (stream("I am a", "da@ex", "ample", ".org."), "text/event-stream"),
    "stream that does not say so": (stream("ada@ex", "ample.org"), ""),
    "comments of a stream": (f": {SECRET}\n{stream('a')}", "text/event-stream"),
    "lines of tokens": (
        '{"message": {"content": "ada@ex"}}\n{"message": {"content": "ample.org"}}',
        "application/x-ndjson",
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_personal_data_are_found_in_texts_of_every_form(case: str) -> None:
    text, kind = TEXTS[case]
    made = redactor(fields=[]).body(text, kind, "answer")
    for part in (SECRET, "example.org", "ample.org", "ada@"):
        assert part not in made


def test_pieces_of_one_name_are_one_name_and_the_stream_is_still_one() -> None:
    made = redactor().body(stream("I am a", "da@ex", "ample.org."), "text/event-stream", "answer")
    answer = answer_of(made)
    assert answer is not None
    assert answer.text == "I am [email]."
    other = stream("Nothing ", "to ", "hide")
    assert answer_of(redactor().body(other, "text/event-stream", "answer")) == answer_of(other)


def test_two_choices_of_a_stream_are_two_texts() -> None:
    events = [{"choices": [{"index": n, "text": text}]} for n, text in ((0, "ada@"), (1, "safe"), (0, "example.org"))]
    given = "\n".join(f"data: {json.dumps(event)}" for event in events) + "\ndata: [DONE]"
    made = redactor().body(given, "", "answer")
    assert "safe" in made
    assert "example" not in made


def test_numbers_pictures_and_patterns() -> None:
    given = {
        "card": 4111111111111111,
        "n": 1234567,
        "picture": "data:image/png;base64,AAAA",
        "who": "K-1234",
        "ok": True,
    }
    made: Any = json.loads(redactor().body(json.dumps(given), JSON, "request"))
    assert made == {"card": "[redacted]", "n": 1234567, "picture": "[data]", "who": "[redacted]", "ok": True}


def test_rows_without_names_have_the_order_of_the_inputs() -> None:
    known = redactor(columns=["amount", "Email"])
    for body in ({"instances": [[3, SECRET]]}, {"instances": [3, SECRET]}, [[3, SECRET]], [3, SECRET]):
        made = known.body(json.dumps(body), JSON, "request")
        assert SECRET not in made
        assert "3" in made
    assert SECRET not in known.body(f"3,{SECRET}\n4,x", "text/csv", "request")
    # no field of these rows is named
    rows = json.dumps({"instances": [[3, 4]]})
    assert json.loads(redactor(columns=["amount", "age"]).body(rows, JSON, "request")) == json.loads(rows)


HIDDEN: dict[str, tuple[str, str]] = {
    "rows in an unknown order": (json.dumps({"instances": [[3, SECRET]]}), JSON),
    "one row": (json.dumps({"inputs": [3, SECRET]}), JSON),
    "a tensor of all": (json.dumps({"inputs": [{"name": "x", "shape": [1, 2], "data": ["3", SECRET]}]}), JSON),
    "CSV without names": (f"3,{SECRET}", "text/csv"),
    "CSV of several widths": (f"amount,email\n3,4,{SECRET}", "text/csv"),
    "a form": (f"email={SECRET}", "application/x-www-form-urlencoded"),
    "protocol buffers": ("\x08\x96", "application/grpc"),
    "JSON that is none": (f'{{"email": "{SECRET}"', JSON),
    "a stream of other events": (f"data: {SECRET}", "text/event-stream"),
    "too deep": ("[" * 100_000, JSON),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_what_may_hide_a_named_field_is_not_kept(case: str) -> None:
    text, kind = HIDDEN[case]
    with pytest.raises(Withheld) as found:
        redactor().body(text, kind, "request")
    assert SECRET not in str(found.value)


def test_rows_of_another_width_than_the_inputs_are_not_kept() -> None:
    with pytest.raises(Withheld):
        redactor(columns=["amount", "email"]).body(json.dumps({"instances": [[3, 4, SECRET]]}), JSON, "request")


def test_answers_without_names_stay() -> None:
    assert json.loads(redactor().body('{"predictions": [0.25, 0.5]}', JSON, "answer")) == {"predictions": [0.25, 0.5]}
    assert redactor().body("", "", "answer") == ""
