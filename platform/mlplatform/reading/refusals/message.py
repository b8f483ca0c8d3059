"""The parts of a validator's message: the field, the value found, what is accepted, and the fix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mlplatform.reading.describe.shape import Location

_IMPERATIVES = frozenset(
    ("add", "bind", "change", "choose", "did", "give", "install", "keep", "known", "lower", "move", "name")
) | {"needs", "pick", "raise", "remove", "set", "spell", "use", "write"}
_PATH = re.compile(r"^([a-z_]+(?:\[\d+\])?(?:\.[a-z_0-9]+(?:\[\d+\])?)*): ")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a validator's message."""

    path: Location
    """Location of the field, below the model of the validator."""

    got: str
    """The value found; empty if the message does not contain it."""

    expected: str
    """The accepted values, or the reason for the refusal."""

    fix: str
    """The suggested fix."""


def split_message(message: str, fields: Sequence[str]) -> list[Statement]:
    """A validator's message as statements: `got X, expected Y; fix`, or `field …: why; fix`."""
    parts: list[str] = []
    for part in message.split("; "):
        starts = _PATH.match(part)
        if parts and not (starts and re.split(r"[.\[]", starts[1])[0] in fields):
            parts[-1] += f"; {part}"
        else:
            parts.append(part)
    return [_statement(part, fields) for part in parts]


def _statement(text: str, fields: Sequence[str]) -> Statement:
    path: Location = ()
    starts = _PATH.match(text)
    if starts and re.split(r"[.\[]", starts[1])[0] in fields:
        parts = re.findall(r"[a-z_0-9]+", starts[1])
        path = tuple(int(part) if part.isdecimal() else part for part in parts)
        text = text[starts.end() :]
    else:
        words = re.findall(r"[a-z_]+", text)
        known = [word for index, word in enumerate(words) if word in fields and (word != "name" or index == 0)]
        path = (known[0],) if known else ()
    got = ""
    if match := re.match(r"got (.+?), expected (.+)$", text, re.S):
        got, text = match[1], match[2]
    elif match := re.search(r", got ([^;:]+)", text):
        got, text = match[1], text.replace(match[0], "")
    expected, fix = _split_fix(text)
    subject = f"'{path[-1]}'" if path else "it"
    return Statement(path, got, expected, fix or f"change {subject} accordingly")


def _split_fix(text: str) -> tuple[str, str]:
    for mark in ("; ", ": "):
        head, separator, tail = text.rpartition(mark)
        if separator and tail.split(" ")[0] in _IMPERATIVES:
            return head, tail
    return text, ""
