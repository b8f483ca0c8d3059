"""Looks for the stack's secrets wherever a rehearsal could have let them out."""

from __future__ import annotations

import time

from mlplatform.rehearse.model import Failure, Phase
from mlplatform.rehearse.stage import CANARY, Stage

_CAUSE = "a secret of the configuration passed through something that is not marked secret: wrap it, or the output"


def leaks(stage: Stage, name: str) -> Phase:
    """Search state, events and output of every command so far for the canary that stands in every secret.

    Args:
        stage: after some commands.
        name: of the phase.
    """
    begin = time.monotonic()
    stage.engine.state()
    places = sorted((stage.workshop.folder / "logs").iterdir())
    places += sorted(path for path in (stage.workshop.folder / "state").rglob("*") if path.is_file())
    places.append(stage.workshop.folder / "export.json")
    found = tuple(
        Failure(
            str(path.relative_to(stage.workshop.folder)),
            f"holds a secret of the configuration in plain text{_line(path)}",
            _CAUSE,
        )
        for path in places
        if path.is_file() and CANARY.encode() in path.read_bytes()
    )
    return Phase(name, "no secret in plain text", not found, time.monotonic() - begin, failures=found)


def _line(path: object) -> str:
    from pathlib import Path

    text = Path(str(path)).read_text(encoding="utf-8", errors="replace")
    at = text.find(CANARY)
    return f": …{text[max(0, at - 80) : at]}[canary]"
