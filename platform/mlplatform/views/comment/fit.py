"""A comment within a length limit: the least important sections are left out, and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a comment."""

    text: str
    """Its markdown, with a newline at its end."""

    weight: int = 0
    """Order of leaving out: the highest first, 0 never."""

    name: str = ""
    """Its name in the sentence that lists what is left out."""


def fit_sections(sections: Sequence[Section], limit: int, *, hint: str) -> str:
    """Join as many sections as fit.

    Args:
        sections: in the order they are shown.
        limit: maximum number of characters.
        hint: a sentence that says where to see the rest.

    Returns:
        At most `limit` characters; sections of weight 0 are cut only where they alone do not fit.
    """
    kept = list(sections)
    left_out: list[str] = []
    while len(_joined(kept, left_out, hint)) > limit:
        last = max(range(len(kept)), key=lambda i: (kept[i].weight, len(kept[i].text)), default=None)
        if last is None or not kept[last].weight:
            # even the sections that must stay are too long
            note = _note(left_out or ["the rest"], hint)
            return "".join(section.text for section in kept)[: limit - len(note)] + note
        left_out.append(kept.pop(last).name)
    return _joined(kept, left_out, hint)


def _joined(sections: Sequence[Section], left_out: Sequence[str], hint: str) -> str:
    text = "".join(section.text for section in sections)
    return text + (_note(left_out, hint) if left_out else "")


def _note(left_out: Sequence[str], hint: str) -> str:
    names = sorted(set(left_out))
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    return f"\nLeft out because comments have a length limit: {shown}. {hint}\n"
