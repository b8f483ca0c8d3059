"""Data, old versions, logs or deleted objects are kept for a shorter time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from mlplatform.checks.wording import shown
from mlplatform.plan.change import PropertyChange, ResourceChange
from mlplatform.plan.model import Step, Value, document_value
from mlplatform.plan.sources.fields import text
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.tables.retention import RETENTION
from mlplatform.risk.lifecycles import LifecycleEnd, is_lifecycle_input, lifecycle_ends
from mlplatform.risk.rule import Hit, RiskRule

_TABLE = GuardTable(RETENTION)
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
"""Inputs that enable versioning, with their values for on and off."""
_MOVES = re.compile(r"transition|tierto|storageclass")
_UNITS = {"s": 1 / 86_400, "m": 1 / 1440, "h": 1 / 24, "d": 1, "y": 365}


def _examine(evidence: Evidence) -> Iterator[Hit]:
    newly_versioned = any(_versions(item, on=True) for change in evidence.of("update") for item in change.properties)
    for change in evidence.of("create", "update", "replace"):
        yield from _ends(change, evidence, newly_versioned=newly_versioned)
    known = list(_TABLE.examine(evidence))
    yield from known
    reported = {(hit.urn, hit.path) for hit in known}
    for change in evidence.of("update", "replace"):
        for item in change.properties:
            if not _is_known(change.step, item, reported):
                yield from _property(change.step, item)


def _is_known(step: Step, change: PropertyChange, reported: Set[tuple[str, str]]) -> bool:
    """Whether the meaning of an input need not be guessed from its name."""
    inside = any(urn == step.urn and path.startswith(change.text) for urn, path in reported)
    return inside or is_lifecycle_input(step, change.text) or _TABLE.knows(step, change)


def _property(step: Step, change: PropertyChange) -> Iterator[Hit]:
    path = re.sub(r"\[\d+\]", "", change.text).lower()
    if _versions(change, on=False):
        yield Hit("high", step.urn, "Overwritten and deleted objects are no longer kept as old versions.", change.text)
    elif _MOVES.search(path):
        return
    elif change.kind == "update" and _KEEPS.search(path) and _less(change.before, change.after):
        level = "critical" if _LOCKS.search(path) else "high"
        reason = f"Kept for a shorter time: {shown(_name(change))} changes from {_change(change)}."
        yield Hit(level, step.urn, reason, change.text)
    elif _LOCKS.search(path) and change.kind == "remove":
        yield Hit("critical", step.urn, "Its lock against deletion is removed.", change.text)
    elif _KEEPS.search(path) and change.kind == "remove":
        yield Hit("medium", step.urn, "Its retention period is no longer set.", change.text)


def _ends(change: ResourceChange, evidence: Evidence, *, newly_versioned: bool) -> Iterator[Hit]:
    """Lifecycle rules by their effect: moving or splitting a rule is no change, a new rule may be one."""
    step = change.step
    if change.before is None and _is_of_new_store(step, evidence):
        # the rules of a new store delete nothing that exists
        return
    old = lifecycle_ends(change.before) if change.before else ()
    for end in lifecycle_ends(step):
        if any(former.includes(end) for former in old):
            continue
        former = min((one for one in old if one.scope == end.scope), key=lambda one: one.days, default=None)
        if former is not None or not (newly_versioned and end.what == "old versions"):
            yield Hit("high", step.urn, _sooner(end, former), end.path)


def _is_of_new_store(step: Step, evidence: Evidence) -> bool:
    """Whether what a new resource has rules for is new too, or is not known."""
    links = [key for key in ("bucket", "accountName") if step.inputs.get(key) or step.property_dependencies.get(key)]
    if not links:
        return True
    made = [evidence.after[urn] for urn in evidence.created if urn in evidence.after and urn != step.urn]
    urns = {urn for key in links for urn in step.property_dependencies.get(key, ())}
    names = {text(step.inputs.get(key)) for key in links} - {""}
    return any(one.urn in urns or names & {one.id, *(text(one.inputs.get(key)) for key in links)} for one in made)


def _sooner(end: LifecycleEnd, former: LifecycleEnd | None) -> str:
    days = shown(f"{end.days:g} days")
    if former is None:
        when = f"after {days}" if end.days else f"beyond the newest {end.keeps:g}" if end.keeps else "by a rule"
        return f"{_subject(end)} are deleted {when} and were kept before."
    if end.days < former.days:
        return f"{_subject(end)} are deleted after {days} instead of {shown(f'{former.days:g}')}."
    if end.keeps < former.keeps:
        kept = f"{shown(f'{end.keeps:g}')} instead of {shown(f'{former.keeps:g}')}"
        return f"{_subject(end)} are deleted where there are newer ones: beyond {kept}."
    return f"{_subject(end)} are deleted by another date, which more of them meet."


def _subject(end: LifecycleEnd) -> str:
    return f"{end.what.capitalize()}{f' below {shown(end.prefix)}' if end.prefix else ''}"


def _versions(change: PropertyChange, *, on: bool) -> bool:
    """Whether this turns versioning on, or off."""
    values = next((values for path, values in _VERSIONS.items() if change.text.endswith(path)), None)
    if values is None:
        return False
    before, after = str(change.before).lower() == values[0], str(change.after).lower() == values[0]
    return (after and not before) if on else (before and not after)


def _change(change: PropertyChange) -> str:
    return f"{_with_unit(change.before, change.text)} to {_with_unit(change.after, change.text)}"


def _name(change: PropertyChange) -> str:
    """The end of the path, which names what is kept."""
    names = [str(part) for part in change.path if isinstance(part, str)]
    return ".".join(names[-2:] if names[-1].lower() in ("days", "years", "age") else names[-1:])


def _with_unit(value: Value, path: str) -> str:
    """The value with its unit, where the input's name implies one."""
    number, name = document_value(value), path.lower()
    if isinstance(number, str) and number.isdigit():
        number = int(number)
    if isinstance(number, int) and re.search(r"seconds$|retentionperiod$", name):
        return shown(f"{number / 86_400:g} days")
    return shown(f"{number} days" if isinstance(number, int) and "day" in name else number)


def _less(before: Value, after: Value) -> bool:
    old, new = _days(before), _days(after)
    return old is not None and new is not None and new < old


def _days(value: Value) -> float | None:
    """Numbers unchanged, durations in days; they are only compared."""
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
    fix="Make sure that nobody needs the data that is deleted earlier: by law, for an audit, for retraining.",
    examine=_examine,
    headline="{things} [keeps|keep] less, or for a shorter time",
    covers=frozenset({"bucket-soft-delete", "bucket-versioning", "key-deletion", "log-retention"}),
)
