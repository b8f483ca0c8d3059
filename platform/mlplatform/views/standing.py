"""How releases stand, for people and for tools."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.promote.standing import Standing
from mlplatform.views.escape import one_line
from mlplatform.views.plan.json import document_text
from mlplatform.views.style import Style


def standings_text(found: Sequence[Standing], style: Style) -> str:
    """For people: a line each."""
    lines: list[str] = []
    for each in found:
        lines += style.wrap(one_line(_line(each)), "", "    ")
    return style.plain("\n".join(lines or ["the record releases nothing here"])) + "\n"


def standings_json(found: Sequence[Standing]) -> str:
    """For tools."""
    return document_text(
        {
            "releases": [
                {
                    "target": each.target,
                    "endpoint": each.endpoint,
                    "variant": each.variant,
                    "released": each.released,
                    "standing": each.word,
                    "answers": list(each.answers),
                    "reason": each.reason or None,
                }
                for each in found
            ]
        }
    )


def _line(each: Standing) -> str:
    instead = f"; {', '.join(each.answers)} answers" if each.answers and each.word != "serves" else ""
    reason = f" ({each.reason})" if each.reason else ""
    return f"{each.target}: {each.endpoint}, {each.variant}: {each.released}: {each.word}{instead}{reason}"
