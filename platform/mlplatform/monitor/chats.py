"""Prompts and answers of language models, in the forms that their servers read and write.

Chat and text completions as vLLM serves them (https://docs.vllm.ai/en/stable/serving/openai_compatible_server/), also
as a stream of events; `inputs` and `generated_text` of the containers of SageMaker; `text_input` and `text_output` of
Triton.
Of a conversation the last message of the user is the prompt: what came before was judged when it was new.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import cast

_ASKED = ("prompt", "input", "inputs", "text_input")
_ANSWERED = ("generated_text", "text_output", "output_text")
_LISTS = ("instances", "predictions", "outputs")
_EVENT = "data:"
_DONE = "[DONE]"
_LAST_EVENTS = 10
"""Lines at the end of a stream in which its tokens are looked for."""


@dataclass(frozen=True, slots=True)
class AnswerText:
    """What a model answered."""

    text: str
    """The text; empty where there is none."""

    finish: str = ""
    """Why it ended, in the words of the server: `stop`, `length`, `tool_calls`, `content_filter`. Empty: not said."""

    refused: bool = False
    """Whether the server says that the model refused."""


@dataclass(frozen=True, slots=True)
class TokenUse:
    """Tokens as the server counted them; None where it does not say."""

    prompt: int | None = None
    """Of the prompt."""

    answer: int | None = None
    """Of the answer."""

    cached: int | None = None
    """Those of the prompt that were in the server's cache."""


def tokens_of(body: object) -> TokenUse:
    """The tokens of a response. A stream has them in one of its last events, if the caller asked for them."""
    if isinstance(body, str):
        return next((found for each in _events(body) if (found := tokens_of(each)) != TokenUse()), TokenUse())
    for given in _objects(body):
        use = given.get("usage")
        if isinstance(use, dict):
            told = cast("dict[str, object]", use)
            details = told.get("prompt_tokens_details")
            cached = cast("dict[str, object]", details).get("cached_tokens") if isinstance(details, dict) else None
            return TokenUse(_count(told.get("prompt_tokens")), _count(told.get("completion_tokens")), _count(cached))
    return TokenUse()


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 32 else None


def _events(body: str) -> list[object]:
    """The last events of a stream, the last one first."""
    found: list[object] = []
    for line in body.splitlines()[:-_LAST_EVENTS:-1]:
        text = line.strip().removeprefix(_EVENT).strip()
        if text.startswith("{"):
            try:
                found.append(json.loads(text))
            except (ValueError, RecursionError):
                continue
    return found


def prompt_of(body: object) -> str | None:
    """The prompt of a request; None where it has no known form."""
    for given in _objects(body):
        messages = given.get("messages", given.get("input"))
        if isinstance(messages, list):
            for each in reversed(_dicts(cast("list[object]", messages))):
                if each.get("role") == "user":
                    return _content(each.get("content"))
        for name in _ASKED:
            found = given.get(name)
            # several prompts of one request are batch work: the first one stands for them
            if isinstance(found, list) and found:
                found = cast("list[object]", found)[0]
            if isinstance(found, str):
                return found
    return None


def answer_of(body: object) -> AnswerText | None:
    """The answer of a response; None where it has no known form."""
    if isinstance(body, str):
        return _streamed(body)
    for given in _objects(body):
        choices = given.get("choices")
        if isinstance(choices, list):
            first = next(iter(_dicts(cast("list[object]", choices))), None)
            return None if first is None else _choice(first)
        for name in _ANSWERED:
            if isinstance(found := given.get(name), str):
                details = given.get("details")
                said = cast("dict[str, object]", details).get("finish_reason") if isinstance(details, dict) else None
                return AnswerText(found, said if isinstance(said, str) else "")
    return None


def _choice(given: dict[str, object]) -> AnswerText | None:
    said = given.get("message", given.get("delta"))
    finish = given.get("finish_reason")
    finish = finish if isinstance(finish, str) else ""
    if isinstance(said, dict):
        message = cast("dict[str, object]", said)
        refusal = message.get("refusal")
        text = _content(message.get("content")) or (refusal if isinstance(refusal, str) else "")
        return AnswerText(text, finish, refused=bool(refusal))
    text = given.get("text")
    return AnswerText(text, finish) if isinstance(text, str) else None


def _streamed(body: str) -> AnswerText | None:
    """The pieces of a stream of events, put together; None where a piece cannot be read or the end is missing."""
    pieces: list[AnswerText] = []
    lines = [line.strip() for line in body.splitlines() if line.strip().startswith(_EVENT)]
    if not lines or lines[-1].removeprefix(_EVENT).strip() != _DONE:
        return None
    for line in lines[:-1]:
        try:
            event: object = json.loads(line.removeprefix(_EVENT))
        except (ValueError, RecursionError):
            return None
        choices = cast("dict[str, object]", event).get("choices") if isinstance(event, dict) else None
        if not isinstance(choices, list):
            return None
        # the last event has the use of tokens, and no choice
        first = next((each for each in _dicts(cast("list[object]", choices)) if not each.get("index")), None)
        if first is not None and (piece := _choice(first)) is not None:
            pieces.append(piece)
    return AnswerText(
        "".join(each.text for each in pieces),
        next((each.finish for each in reversed(pieces) if each.finish), ""),
        refused=any(each.refused for each in pieces),
    )


def _content(given: object) -> str:
    """Text, or the texts among parts of which others are pictures or sound."""
    if isinstance(given, str):
        return given
    parts = _dicts(cast("list[object]", given)) if isinstance(given, list) else []
    return "\n".join(text for each in parts if isinstance(text := each.get("text"), str))


def _objects(body: object) -> list[dict[str, object]]:
    """The object of a body, or the first one of its list."""
    if isinstance(body, list):
        return _dicts(cast("list[object]", body))[:1]
    if not isinstance(body, dict):
        return []
    given = cast("dict[str, object]", body)
    for name in _LISTS:
        if isinstance(found := given.get(name), list):
            return _dicts(cast("list[object]", found))[:1]
    return [given]


def _dicts(given: list[object]) -> list[dict[str, object]]:
    return [cast("dict[str, object]", each) for each in given if isinstance(each, dict)]
