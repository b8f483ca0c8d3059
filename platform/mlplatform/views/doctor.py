"""What a look at machine and accounts found, for people and for tools."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.components.live_account import DoctorFinding, DoctorWord
from mlplatform.views.escape import one_line
from mlplatform.views.plan.json import document_text
from mlplatform.views.style import Style

_SIGNS: dict[DoctorWord, str] = {"ok": "✓", "missing": "✗", "look": "!", "unknown": "?"}


def findings_text(found: Sequence[DoctorFinding], style: Style) -> str:
    """For people: by target and area, what is wrong with its fix; and a line of totals."""
    lines: list[str] = []
    place: tuple[str, str] | None = None
    for each in found:
        if (each.target, each.area) != place:
            place = (each.target, each.area)
            lines += [
                *([""] if lines else []),
                style.paint(f"{each.target}: {each.area}" if each.target else each.area, "bold"),
            ]
        head = f"  {_SIGNS[each.word]} "
        lines += style.wrap(one_line(f"{each.subject}: {each.found}"), head, "    ")
        if each.fix:
            lines += style.wrap(one_line(f"→ {each.fix}"), "    ", "      ")
    lines += ["", _totals(found)]
    return style.plain("\n".join(lines)) + "\n"


def findings_json(found: Sequence[DoctorFinding]) -> str:
    """For tools."""
    return document_text(
        {
            "findings": [
                {
                    "target": each.target or None,
                    "area": each.area,
                    "subject": each.subject,
                    "standing": each.word,
                    "found": each.found,
                    "fix": each.fix or None,
                }
                for each in found
            ]
        }
    )


def _totals(found: Sequence[DoctorFinding]) -> str:
    words = {"ok": "as they must be", "missing": "missing", "look": "to look at", "unknown": "unknown"}
    counts = {word: sum(each.word == word for each in found) for word in _SIGNS}
    return ", ".join(f"{counts[word]} {words[word]}" for word in _SIGNS if counts[word] or word == "missing")
