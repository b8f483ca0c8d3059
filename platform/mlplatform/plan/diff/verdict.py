"""Whether a change is made in place or replaces the resource: Pulumi's engine decides, else the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, cast

from mlplatform.catalog.replacement import are_columns
from mlplatform.catalog.replacement import replacement_reason as catalogued_reason
from mlplatform.plan.change import PropertyChange, PropertyKind, PropertyPath
from mlplatform.plan.model import Step, Value
from mlplatform.plan.sources.source import Verdict

_KEY = re.compile(r'\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.\[\]]+)')
_KINDS: dict[str, PropertyKind] = {"add": "add", "delete": "remove", "update": "update"}
_BY_PROVIDER = "the provider replaces the resource for this change"
_BY_PROGRAM = "the program replaces the resource when this changes (replaceOnChanges)"


def judge_change(
    old: Step, new: Step, inputs: list[PropertyChange], verdict: Verdict | None
) -> tuple[Literal["update", "replace"], list[PropertyChange]]:
    """Decide what happens to a resource whose inputs differ.

    Args:
        old: as it was.
        new: as it will be.
        inputs: its inputs that differ.
        verdict: the engine's, where there is one.

    Returns:
        The kind of change and the inputs that count.
    """
    if verdict is None or verdict.op not in ("same", "update", "replace"):
        counted = [change for change in inputs if not _is_ignored(new, change)]
        changes = [replace(change, replaces=_reason_between(old, new, change)) for change in counted]
        return ("replace" if any(change.replaces for change in changes) else "update"), changes
    if verdict.op == "same":
        return "update", []
    changes = [_marked(new, change, verdict) for change in inputs if _confirms(verdict, change.path)]
    changes += _drift(old, new, verdict, {change.path for change in changes})
    return ("replace" if verdict.op == "replace" else "update"), changes


def _reason_between(old: Step, new: Step, change: PropertyChange) -> str:
    """As `replacement_reason`, where both sides are known as a whole."""
    if change.path and are_columns(new.type, change.path) and change.path[0] not in new.replace_on_changes:
        key = str(change.path[0])
        return catalogued_reason(new.type, (key,), old.inputs.get(key), new.inputs.get(key))
    return replacement_reason(new, change.path, change)


def replacement_reason(step: Step, path: PropertyPath, change: PropertyChange | None = None) -> str:
    """Reason why a change of this input replaces the resource; empty where it is updated in place."""
    if any(_covers(pattern, path) for pattern in step.replace_on_changes):
        return _BY_PROGRAM
    values = (change.before, change.after) if change else (None, None)
    reason = catalogued_reason(step.type, path, *values)
    if reason or change is None:
        return reason
    # an object that is added or removed as a whole may contain inputs that cannot be changed
    value = change.after if change.kind == "add" else change.before if change.kind == "remove" else None
    return next((reason for inside in _inside(value, path) if (reason := catalogued_reason(step.type, inside))), "")


def _is_ignored(step: Step, change: PropertyChange) -> bool:
    return any(_covers(ignored, change.path) for ignored in step.ignore_changes)


def _covers(text: str, path: PropertyPath) -> bool:
    """Whether a property path as programs write it is the path or contains it; `*` is any key."""
    pattern = parse_path(text)
    return len(pattern) <= len(path) and all(a in ("*", b) for a, b in zip(pattern, path, strict=False))


def parse_path(text: str) -> PropertyPath:
    """A property path as Pulumi writes it: `a.b[0]["c.d"]`."""
    parts: list[str | int] = []
    for index, quoted, name in cast("list[tuple[str, str, str]]", _KEY.findall(text.replace("[*]", '["*"]'))):
        parts.append(int(index) if index else quoted.replace('\\"', '"') if quoted else name)
    return tuple(parts)


def _inside(value: Value, path: PropertyPath) -> Iterator[PropertyPath]:
    if isinstance(value, dict):
        for key, item in cast("dict[str, Value]", value).items():
            yield (*path, key)
            yield from _inside(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Value]", value)):
            yield from _inside(item, (*path, index))


def _confirms(verdict: Verdict, path: PropertyPath) -> bool:
    """Whether the engine counts a difference too: a provider may know that two values mean the same."""
    if verdict.detailed:
        return any(_related(parse_path(key), path) for key in verdict.detailed)
    return not verdict.diff_reasons or path[0] in verdict.diff_reasons or path[0] in verdict.replace_reasons


def _related(path: PropertyPath, other: PropertyPath) -> bool:
    """Whether one path is the other or contains it; list positions do not count, because sets have none."""
    a = [part for part in path if isinstance(part, str)]
    b = [part for part in other if isinstance(part, str)]
    return all(x == y for x, y in zip(a, b, strict=False))


def _marked(step: Step, change: PropertyChange, verdict: Verdict) -> PropertyChange:
    if verdict.op != "replace":
        return change
    forced = [key for key, kind in verdict.detailed.items() if kind.endswith("-replace")]
    by_detail = any(_related(parse_path(key), change.path) for key in forced)
    if by_detail or (not forced and change.path[0] in verdict.replace_reasons):
        return replace(change, replaces=replacement_reason(step, change.path, change) or _BY_PROVIDER)
    return change


def _drift(old: Step, new: Step, verdict: Verdict, listed: set[PropertyPath]) -> Iterator[PropertyChange]:
    """Differences that the engine names and the inputs do not show: the cloud differs from the last inputs."""
    for key, kind in verdict.detailed.items():
        path = parse_path(key)
        if not path or any(_related(path, other) for other in listed):
            continue
        is_same = _at(old.inputs, path) == _at(new.inputs, path)
        change = PropertyChange(
            path,
            _KINDS.get(kind.removesuffix("-replace"), "update"),
            _at(old.outputs if is_same else old.inputs, path),
            _at(new.inputs, path),
        )
        if kind.endswith("-replace"):
            change = replace(change, replaces=replacement_reason(new, path) or _BY_PROVIDER)
        yield change


def _at(value: Value, path: PropertyPath) -> Value:
    for part in path:
        if isinstance(value, list) and isinstance(part, int) and part < len(cast("list[Value]", value)):
            value = cast("list[Value]", value)[part]
        elif isinstance(value, dict):
            value = cast("dict[str, Value]", value).get(str(part))
        else:
            return None
    return value
