"""A text of parts within a limit: the least important parts go first, and it is said which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a text."""

    text: str
    """What it says, with a newline at its end."""

    weight: int = 0
    """How important it is: 0 stays always, and the highest goes first."""

    name: str = ""
    """What is missing where it goes, for the sentence that says so."""


def fit(parts: Sequence[Part], limit: int, *, hint: str) -> str:
    """The parts together, as many as fit.

    Args:
        parts: in the order they are shown.
        limit: most characters.
        hint: where to see what was left out.

    Returns:
        At most `limit` characters; parts of weight 0 are cut at the end only where they alone do not fit.
    """
    kept = list(parts)
    left_out: list[str] = []
    while len(_joined(kept, left_out, hint)) > limit:
        goes = max(range(len(kept)), key=lambda i: (kept[i].weight, len(kept[i].text)), default=None)
        if goes is None or not kept[goes].weight:
            # even what must stay is too long
            note = _note(left_out or ["the rest"], hint)
            return "".join(part.text for part in kept)[: limit - len(note)] + note
        left_out.append(kept.pop(goes).name)
    return _joined(kept, left_out, hint)


def _joined(parts: Sequence[Part], left_out: Sequence[str], hint: str) -> str:
    text = "".join(part.text for part in parts)
    return text + (_note(left_out, hint) if left_out else "")


def _note(left_out: Sequence[str], hint: str) -> str:
    named = sorted(set(left_out))
    shown = ", ".join(named[:6]) + (f" and {len(named) - 6} more" if len(named) > 6 else "")
    return f"\nLeft out because a comment has a limit: {shown}. {hint}\n"
