"""What the engine did, read from its log of events."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

_COLOR = re.compile(r"<\{%[^%]*%\}>")
_UNCHANGED = frozenset({"same", "read", "refresh", "read-replacement"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """One error."""

    urn: str
    """The resource; empty where it concerns none."""

    text: str
    """What the engine says, on one line or more."""


@dataclass(frozen=True, slots=True)
class Events:
    """One command's events."""

    changes: Mapping[str, int] = field(default_factory=dict[str, int])
    """Resources by operation, as the engine sums them up."""

    troubles: tuple[Trouble, ...] = ()
    """Errors, in order."""

    touched: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """Operation, URN and differing properties of each resource that a change was planned for."""

    @property
    def changed(self) -> int:
        """How many resources differ from what is there."""
        return sum(number for op, number in self.changes.items() if op not in _UNCHANGED)


def read_events(file: Path | None) -> Events:
    """Read a log; one that is not there, or that a killed engine left half written, gives what there is."""
    if file is None or not file.is_file():
        return Events()
    changes: dict[str, int] = {}
    troubles: list[Trouble] = []
    touched: list[tuple[str, str, tuple[str, ...]]] = []
    with file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                event = cast("dict[str, dict[str, object]]", json.loads(line))
            except ValueError:
                break
            if "summaryEvent" in event:
                found = cast("dict[str, int]", event["summaryEvent"].get("resourceChanges") or {})
                changes = {op: int(number) for op, number in sorted(found.items())}
            elif "diagnosticEvent" in event:
                trouble = _trouble(event["diagnosticEvent"])
                if trouble is not None:
                    troubles.append(trouble)
            elif "resourcePreEvent" in event:
                step = _touched(event["resourcePreEvent"])
                if step is not None:
                    touched.append(step)
    return Events(changes, tuple(troubles), tuple(touched))


def _trouble(event: Mapping[str, object]) -> Trouble | None:
    if event.get("severity") != "error":
        return None
    text = _COLOR.sub("", str(event.get("message", ""))).strip()
    return Trouble(str(event.get("urn") or ""), text)


def _touched(event: Mapping[str, object]) -> tuple[str, str, tuple[str, ...]] | None:
    data = cast("dict[str, object]", event.get("metadata") or {})
    op = str(data.get("op", ""))
    if op in _UNCHANGED:
        return None
    paths = cast("dict[str, object]", data.get("detailedDiff") or {})
    return op, str(data.get("urn", "")), tuple(sorted(paths))
