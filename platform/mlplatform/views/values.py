"""Values of inputs as people read them: short, on one line, without secrets."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mlplatform.plan.change import PropertyChange
from mlplatform.plan.model import UNKNOWN, Value, reveal
from mlplatform.reading.refusals.redact import HIDDEN, hide_secrets, one_line

MAX_VALUE = 60
"""Characters of a value; `--format json` has all of it."""
LATER = "known once it is made"
"""Stands for what only the cloud knows."""


def shown(value: Value, limit: int = MAX_VALUE) -> str:
    """A value on one line of at most `limit` characters."""
    if value == UNKNOWN:
        return LATER
    revealed = reveal(value)
    if revealed == HIDDEN:
        return HIDDEN
    text = json.dumps(revealed, ensure_ascii=False, default=str).replace(UNKNOWN, "…")
    return one_line(hide_secrets(text), limit)


def change(found: PropertyChange, arrow: str = "→", limit: int = MAX_VALUE) -> str:
    """What changed, without its path: `4 → 8`, `added 3`, `removed "x"`."""
    match found.kind:
        case "add":
            return f"added {shown(found.after, limit)}"
        case "remove":
            return f"removed {shown(found.before, limit)}"
        case _ if found.before == found.after == UNKNOWN:
            return "follows what it refers to"
        case _:
            return f" {arrow} ".join(apart(found.before, found.after, limit))


def apart(before: Value, after: Value, limit: int = MAX_VALUE) -> tuple[str, str]:
    """Two values cut so that the part in which they differ is seen."""
    old, new = shown(before, 10_000), shown(after, 10_000)
    if len(old) <= limit and len(new) <= limit:
        return old, new
    start = _common(old, new)
    cut = max(0, min(start - limit // 4, max(len(old), len(new)) - limit))
    return _cut(old, cut, limit), _cut(new, cut, limit)


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _cut(text: str, start: int, limit: int) -> str:
    head = "…" if start else ""
    tail = text[start:]
    return head + (tail if len(tail) <= limit - len(head) else f"{tail[: limit - len(head) - 1]}…")
