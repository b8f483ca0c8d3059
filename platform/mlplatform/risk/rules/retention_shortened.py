"""Data, old versions, logs or deleted things are kept for a shorter time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.plan.change import PropertyChange, ResourceChange
from mlplatform.plan.model import Step, Value, reveal
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.lifecycles import LifecycleEnd, is_lifecycle_input, lifecycle_ends
from mlplatform.risk.rule import Hit, RiskRule

_KEEPS = re.compile(
    r"retention|softdelete|recoverywindow|deletionwindow|destroyscheduledduration|immutabilityperiod"
    r"|backupretention|(^|\.)(days|years|age|noncurrentdays|dayssincenoncurrenttime|daysafter\w+)$"
)
_LOCKS = re.compile(r"objectlock|immutab|defaultretention|retentionpolicy\.(retentionperiod|islocked)")
_VERSIONS = {
    "versioning.enabled": ("true", "false"),
    "versioningConfiguration.status": ("enabled", "suspended"),
    "isVersioningEnabled": ("true", "false"),
}
"""Input that keeps old versions, with its value while it does and while it does not."""
_MOVES = re.compile(r"transition|tierto|storageclass")
_UNITS = {"s": 1 / 86_400, "m": 1 / 1440, "h": 1 / 24, "d": 1, "y": 365}


def _examine(evidence: Evidence) -> Iterator[Hit]:
    newly_versioned = any(_versions(one, on=True) for change in evidence.of("update") for one in change.properties)
    for change in evidence.of("create", "update", "replace"):
        yield from _ends(change, evidence, newly_versioned=newly_versioned)
    for change in evidence.of("update", "replace"):
        for one in change.properties:
            if not is_lifecycle_input(change.step, one.text):
                yield from _property(change.step, one)


def _property(step: Step, one: PropertyChange) -> Iterator[Hit]:
    path = re.sub(r"\[\d+\]", "", one.text).lower()
    if _versions(one, on=False):
        yield Hit("high", step.urn, "What is overwritten or deleted is no longer kept as an old version.", one.text)
    elif _MOVES.search(path):
        return
    elif one.kind == "update" and _KEEPS.search(path) and _less(one.before, one.after):
        level = "critical" if _LOCKS.search(path) else "high"
        yield Hit(level, step.urn, f"Kept for less: {shown(_name(one))} of {_change(one)}.", one.text)
    elif _LOCKS.search(path) and one.kind == "remove":
        yield Hit("critical", step.urn, "What kept it from being deleted is taken away.", one.text)
    elif _KEEPS.search(path) and one.kind == "remove":
        yield Hit("medium", step.urn, "How long it is kept is no longer said.", one.text)


def _ends(change: ResourceChange, evidence: Evidence, *, newly_versioned: bool) -> Iterator[Hit]:
    """Lifecycle rules by what they mean: a rule that is moved or split is no change, a new one may be."""
    step = change.step
    if change.before is None and not evidence.before.keys() & set(step.property_dependencies.get("bucket", ())):
        # the rules of a bucket that is new as well take nothing away
        return
    old = lifecycle_ends(change.before) if change.before else {}
    for key, end in sorted(lifecycle_ends(step).items()):
        if key in old and end.days < old[key].days:
            days = f"{shown(f'{end.days:g} days')} instead of {shown(f'{old[key].days:g}')}"
            yield Hit("high", step.urn, f"{_whose(end)} are deleted after {days}.", end.path)
        elif key not in old and not (newly_versioned and end.what == "old versions"):
            days = shown(f"{end.days:g} days")
            yield Hit("high", step.urn, f"{_whose(end)} are deleted after {days} and were kept before.", end.path)


def _whose(end: LifecycleEnd) -> str:
    return f"{end.what.capitalize()}{f' below {shown(end.prefix)}' if end.prefix else ''}"


def _versions(one: PropertyChange, *, on: bool) -> bool:
    """Whether this turns the keeping of old versions on, or off."""
    values = next((values for path, values in _VERSIONS.items() if one.text.endswith(path)), None)
    if values is None:
        return False
    before, after = str(one.before).lower() == values[0], str(one.after).lower() == values[0]
    return (after and not before) if on else (before and not after)


def _change(one: PropertyChange) -> str:
    return f"{_told(one.before, one.text)} becomes {_told(one.after, one.text)}"


def _name(one: PropertyChange) -> str:
    """The end of the path that says what is kept."""
    names = [str(part) for part in one.path if isinstance(part, str)]
    return ".".join(names[-2:] if names[-1].lower() in ("days", "years", "age") else names[-1:])


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
    covers=frozenset({"bucket-soft-delete", "bucket-versioning", "key-deletion", "log-retention"}),
)
