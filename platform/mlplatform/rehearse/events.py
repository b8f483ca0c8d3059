"""The engine's events, read from its log."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mlplatform.plan.sources.fields import mapping, text, whole_number

_COLOR = re.compile(r"<\{%[^%]*%\}>")
_UNCHANGED = frozenset({"same", "read", "refresh", "read-replacement"})


@dataclass(frozen=True, slots=True)
class EngineError:
    """One error in the events."""

    urn: str
    """The resource; empty if none is concerned."""

    text: str
    """The engine's message, of one or more lines."""


@dataclass(frozen=True, slots=True)
class EngineEvents:
    """The events of one command."""

    changes: Mapping[str, int] = field(default_factory=dict[str, int])
    """Number of resources by operation, from the engine's summary."""

    errors: tuple[EngineError, ...] = ()
    """Errors, in order."""

    touched: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """Operation, URN and differing properties of each resource with a planned change."""

    ended: bool = False
    """Whether the engine wrote its summary, the last event of a command that ran to its end."""

    @property
    def changed(self) -> int:
        """Number of resources with changes."""
        return sum(number for op, number in self.changes.items() if op not in _UNCHANGED)


def read_events(file: Path | None) -> EngineEvents:
    """Read a log as far as it was written: a killed engine leaves half of one, or none."""
    if file is None or not file.is_file():
        return EngineEvents()
    changes: dict[str, int] = {}
    errors: list[EngineError] = []
    touched: list[tuple[str, str, tuple[str, ...]]] = []
    ended = False
    with file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                event = mapping(json.loads(line))
            except (ValueError, RecursionError):
                break
            if "summaryEvent" in event:
                counts = mapping(mapping(event["summaryEvent"]).get("resourceChanges"))
                changes = {op: whole_number(number) for op, number in sorted(counts.items())}
                ended = True
            elif "diagnosticEvent" in event:
                error = _error(mapping(event["diagnosticEvent"]))
                if error is not None:
                    errors.append(error)
            elif "resourcePreEvent" in event:
                step = _touched(mapping(event["resourcePreEvent"]))
                if step is not None:
                    touched.append(step)
    return EngineEvents(changes, tuple(errors), tuple(touched), ended)


def _error(event: Mapping[str, object]) -> EngineError | None:
    if event.get("severity") != "error":
        return None
    message = _COLOR.sub("", text(event.get("message"))).strip()
    return EngineError(text(event.get("urn")), message)


def _touched(event: Mapping[str, object]) -> tuple[str, str, tuple[str, ...]] | None:
    data = mapping(event.get("metadata"))
    op = text(data.get("op"))
    if op in _UNCHANGED:
        return None
    return op, text(data.get("urn")), tuple(sorted(mapping(data.get("detailedDiff"))))
