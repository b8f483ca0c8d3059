"""Reads a validator's message: which field it speaks of, what stands there, what is accepted, what to do."""

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
    """Fields it speaks of, below the model that said it."""

    got: str
    expected: str
    fix: str


def split_message(message: str, fields: Sequence[str]) -> list[Statement]:
    """A validator's message as statements: `got X, expected Y; fix`, or `field …: why; fix`."""
    parts: list[str] = []
    for part in message.split("; "):
        starts = _PATH.match(part)
        if parts and not (starts and re.split(r"[.\[]", starts[1])[0] in fields):
            parts[-1] += f"; {part}"
        else:
            parts.append(part)
    return [_said(part, fields) for part in parts]


def _said(text: str, fields: Sequence[str]) -> Statement:
    path: Location = ()
    starts = _PATH.match(text)
    if starts and re.split(r"[.\[]", starts[1])[0] in fields:
        found = re.findall(r"[a-z_0-9]+", starts[1])
        path = tuple(int(part) if part.isdecimal() else part for part in found)
        text = text[starts.end() :]
    else:
        words = re.findall(r"[a-z_]+", text)
        known = [word for index, word in enumerate(words) if word in fields and (word != "name" or index == 0)]
        path = (known[0],) if known else ()
    got = ""
    if stated := re.match(r"got (.+?), expected (.+)$", text, re.S):
        got, text = stated[1], stated[2]
    elif stated := re.search(r", got ([^;:]+)", text):
        got, text = stated[1], text.replace(stated[0], "")
    expected, fix = _cut(text)
    subject = f"'{path[-1]}'" if path else "it"
    return Statement(path, got, expected, fix or f"change {subject} so that this holds")


def _cut(text: str) -> tuple[str, str]:
    for mark in ("; ", ": "):
        head, found, tail = text.rpartition(mark)
        if found and tail.split(" ")[0] in _IMPERATIVES:
            return head, tail
    return text, ""
