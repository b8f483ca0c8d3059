"""Input values for people: short, on one line, without secrets."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mlplatform.plan.change import PropertyChange
from mlplatform.plan.model import UNKNOWN, Value, document_value
from mlplatform.reading.refusals.redact import HIDDEN, one_line
from mlplatform.secret_text import hide_secret_forms

MAX_VALUE = 60
"""Characters of a value; `--format json` has all of it."""
LATER = "known after creation"
"""Shown for a value that only the cloud knows."""


def format_value(value: Value, limit: int = MAX_VALUE) -> str:
    """A value on one line of at most `limit` characters."""
    if value == UNKNOWN:
        return LATER
    revealed = document_value(value)
    if revealed == HIDDEN:
        return HIDDEN
    text = json.dumps(revealed, ensure_ascii=False, default=str).replace(UNKNOWN, "…")
    return one_line(hide_secret_forms(text), limit)


def format_change(change: PropertyChange, arrow: str = "→", limit: int = MAX_VALUE) -> str:
    """A change without its path: `4 → 8`, `added 3`, `removed "x"`."""
    match change.kind:
        case "add":
            return f"added {format_value(change.after, limit)}"
        case "remove":
            return f"removed {format_value(change.before, limit)}"
        case _ if change.before == change.after == UNKNOWN:
            return "follows the resource it refers to"
        case _:
            return f" {arrow} ".join(differing_parts(change.before, change.after, limit))


def differing_parts(before: Value, after: Value, limit: int = MAX_VALUE) -> tuple[str, str]:
    """Two values, cut to the part in which they differ."""
    old, new = format_value(before, 10_000), format_value(after, 10_000)
    if len(old) <= limit and len(new) <= limit:
        return old, new
    start = _common_length(old, new)
    cut = max(0, min(start - limit // 4, max(len(old), len(new)) - limit))
    return _cut(old, cut, limit), _cut(new, cut, limit)


def _common_length(old: Sequence[object], new: Sequence[object]) -> int:
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _cut(text: str, start: int, limit: int) -> str:
    head = "…" if start else ""
    tail = text[start:]
    return head + (tail if len(tail) <= limit - len(head) else f"{tail[: limit - len(head) - 1]}…")
