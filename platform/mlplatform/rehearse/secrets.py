"""Searches for the stack's secrets wherever a rehearsal could have exposed them."""

from __future__ import annotations

import time

from mlplatform.rehearse.model import RehearsalFailure, RehearsalPhase
from mlplatform.rehearse.stage import CANARY, RehearsalStage

_CAUSE = "a secret of the configuration passed through a value that is not marked as secret: mark that value as secret"


def search_secrets(stage: RehearsalStage, name: str) -> RehearsalPhase:
    """Search state, events and output of every command so far for the canary in every secret.

    Args:
        stage: the stage after some commands.
        name: name of the phase.
    """
    begin = time.monotonic()
    stage.engine.state()
    places = sorted((stage.project.folder / "logs").iterdir())
    places += sorted(path for path in (stage.project.folder / "state").rglob("*") if path.is_file())
    places.append(stage.project.folder / "export.json")
    failures = tuple(
        RehearsalFailure(
            str(path.relative_to(stage.project.folder)),
            f"contains a secret of the configuration in plain text{_line(path)}",
            _CAUSE,
        )
        for path in places
        if path.is_file() and CANARY.encode() in path.read_bytes()
    )
    return RehearsalPhase(name, "no secret in plain text", not failures, time.monotonic() - begin, failures=failures)


def _line(path: object) -> str:
    from pathlib import Path

    text = Path(str(path)).read_text(encoding="utf-8", errors="replace")
    at = text.find(CANARY)
    return f": …{text[max(0, at - 80) : at]}[canary]"
