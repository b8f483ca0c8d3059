"""Data, old versions, logs or deleted things are kept for a shorter time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.plan.change import PropertyChange
from mlplatform.plan.model import Value, reveal
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

_KEEPS = re.compile(
    r"retention|softdelete|recoverywindow|deletionwindow|destroyscheduledduration|immutabilityperiod"
    r"|backupretention|(^|\.)(days|years|age|noncurrentdays|dayssincenoncurrenttime|daysafter\w+)$"
)
_LOCKS = re.compile(r"objectlock|immutab|defaultretention|retentionpolicy\.(retentionperiod|islocked)")
_EXPIRES = re.compile(r"(^|\.)(expiration|noncurrentversionexpiration|delete)(\.|\[|$)|action\.type$")
_MOVES = re.compile(r"transition|tierto|storageclass")
_UNITS = {"s": 1 / 86_400, "m": 1 / 1440, "h": 1 / 24, "d": 1, "y": 365}


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("update", "replace"):
        for one in change.properties:
            path = re.sub(r"\[\d+\]", "", one.text).lower()
            if _MOVES.search(path):
                continue
            if one.kind == "update" and _KEEPS.search(path) and _less(one.before, one.after):
                level = "critical" if _LOCKS.search(path) else "high"
                yield Hit(level, change.step.urn, f"Kept for less: {_change(one)}.", one.text)
            elif _LOCKS.search(path) and one.kind == "remove":
                yield Hit("critical", change.step.urn, "What kept it from being deleted is taken away.", one.text)
            elif _KEEPS.search(path) and one.kind == "remove" and not _EXPIRES.search(path):
                yield Hit("medium", change.step.urn, "How long it is kept is no longer said.", one.text)
            elif "lifecycle" in (change.step.type + path).lower() and one.kind == "add" and _EXPIRES.search(path):
                yield Hit("high", change.step.urn, "Things are deleted after a time that were kept before.", one.text)


def _change(one: PropertyChange) -> str:
    return f"{_told(one.before, one.text)} becomes {_told(one.after, one.text)}"


def _told(value: Value, path: str) -> str:
    """With its unit, where the name of the input says it."""
    number, name = reveal(value), path.lower()
    if isinstance(number, str) and number.isdigit():
        number = int(number)
    if isinstance(number, int) and re.search(r"seconds$|retentionperiod$", name):
        return shown(f"{number / 86_400:g} days")
    return shown(f"{number} days" if isinstance(number, int) and "day" in name else number)


def _less(before: Value, after: Value) -> bool:
    old, new = _days(before), _days(after)
    return old is not None and new is not None and new < old


def _days(value: Value) -> float | None:
    """Numbers as they are, durations in days; only the order counts."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhdy]?)", str(value).lower())
    return float(found[1]) * _UNITS.get(found[2], 1) if found else None


RULE = RiskRule(
    id="retention-shortened",
    topic="data loss",
    title="Nothing is kept for a shorter time",
    fix="Make sure that nobody needs what goes earlier: the law, an audit, a retraining.",
    examine=_examine,
)
