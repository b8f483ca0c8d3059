"""What a text of another form was meant to be, where its field takes one form only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlplatform.reading.describe.shape import Location
from mlplatform.spec.base import SpecModel

_VARIABLE = re.compile(r"\$\{\w+[^}]*\}|\$\([^)]*\)|\$[A-Z][A-Z0-9_]+\b|%[A-Z][A-Z0-9_]+%|\{\{.*\}\}")


def has_variable(text: str) -> bool:
    """Whether a text waits for somebody to fill in a variable, which nobody does in a spec."""
    return _VARIABLE.search(text) is not None


def legal_text(text: str, pattern: str) -> str | None:
    """The nearest text that a pattern accepts: among a few cleaned forms, or the only one inside.

    Args:
        text: what was written.
        pattern: of the field.
    """
    text = text[:200]
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    accepted: list[str] = []
    for candidate in (
        text.strip(),
        text.strip().lstrip("vV"),
        text.lower(),
        text.upper(),
        re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_"),
        plain,
        plain.replace("-", ""),
        re.sub(r"^[^a-z]+", "", plain),
    ):
        for length in range(min(len(candidate), 64), 1, -1):
            cut = candidate[:length].rstrip("-")
            if re.fullmatch(pattern, cut):
                accepted.append(cut)
                break
    return max(accepted, key=len, default=None) or _only_inside(text, pattern)


def _only_inside(text: str, pattern: str) -> str | None:
    """The one part of a text that a pattern accepts: the number of an account in an ARN."""
    inner = re.fullmatch(r"\^(.*)\$", pattern)
    if inner is None:
        return None
    found = {part[0] for part in re.finditer(rf"(?<![A-Za-z0-9])(?:{inner[1]})(?![A-Za-z0-9])", text) if part[0]}
    return found.pop() if len(found) == 1 else None


def quoted_number(number: float, location: Location, owners: Sequence[type[SpecModel]]) -> str:
    """What to write for a number where a text is wanted: YAML reads 1.30 as 1.3.

    Args:
        number: as it was read.
        location: of the field.
        owners: the models that have it.
    """
    if isinstance(number, float):
        found = [text for text in (f"{number}", f"{number}0") if _fits(text, location, owners)]
        if len(found) != 1:
            return "write it in quotes: a number loses the zeros at its end"
        return f"write it in quotes: '{found[0]}'"
    return f"write it in quotes: '{number}'"


def _fits(text: str, location: Location, owners: Sequence[type[SpecModel]]) -> bool:
    name = location[-1] if location else ""
    patterns = [
        pattern
        for owner in owners
        if isinstance(name, str) and name in owner.model_fields
        for each in owner.model_fields[name].metadata
        if (pattern := getattr(each, "pattern", None))
    ]
    return all(re.fullmatch(str(pattern), text) for pattern in patterns)
