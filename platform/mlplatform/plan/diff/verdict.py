"""Whether a change is made in place or makes a new resource: Pulumi's engine knows, otherwise the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, cast

from mlplatform.catalog.replacement import replacement_reason
from mlplatform.plan.change import PropertyChange, PropertyKind
from mlplatform.plan.model import Step, Value
from mlplatform.plan.sources.source import Verdict

Path = tuple[str | int, ...]
_KEY = re.compile(r'\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.\[\]]+)')
_KINDS: dict[str, PropertyKind] = {"add": "add", "delete": "remove", "update": "update"}
_BY_PROVIDER = "the provider makes a new resource for this change"
_BY_PROGRAM = "the program asks for a new resource when this changes"


def judged(
    old: Step, new: Step, inputs: list[PropertyChange], verdict: Verdict | None
) -> tuple[Literal["update", "replace"], list[PropertyChange]]:
    """What happens to a resource whose inputs differ.

    Args:
        old: as it was.
        new: as it will be.
        inputs: what differs in its inputs.
        verdict: the engine's, where there is one.

    Returns:
        The kind of change and the inputs that count.
    """
    if verdict is None or verdict.op not in ("same", "update", "replace"):
        told = [replace(change, replaces=reason(new, change.path, change)) for change in inputs if _counts(new, change)]
        return ("replace" if any(change.replaces for change in told) else "update"), told
    if verdict.op == "same":
        return "update", []
    told = [_marked(new, change, verdict) for change in inputs if _covered(change.path, verdict)]
    told += _drifted(old, new, verdict, {change.path for change in told})
    return ("replace" if verdict.op == "replace" else "update"), told


def reason(step: Step, path: Path, change: PropertyChange | None = None) -> str:
    """Why a change of this input makes a new resource; empty where it is updated in place."""
    if any(_covers(asked, path) for asked in step.replace_on_changes):
        return _BY_PROGRAM
    found = replacement_reason(step.type, path)
    if found or change is None:
        return found
    # what comes or goes as a whole brings what is fixed inside it
    value = change.after if change.kind == "add" else change.before if change.kind == "remove" else None
    return next((said for inside in _inside(value, path) if (said := replacement_reason(step.type, inside))), "")


def _counts(step: Step, change: PropertyChange) -> bool:
    return not any(_covers(ignored, change.path) for ignored in step.ignore_changes)


def _covers(text: str, path: Path) -> bool:
    """Whether a property path as programs write it is the path or holds it; `*` stands for any key."""
    asked = parse(text)
    return len(asked) <= len(path) and all(a in ("*", b) for a, b in zip(asked, path, strict=False))


def parse(text: str) -> Path:
    """A property path as Pulumi writes it: `a.b[0]["c.d"]`."""
    parts: list[str | int] = []
    for index, quoted, name in cast("list[tuple[str, str, str]]", _KEY.findall(text.replace("[*]", '["*"]'))):
        parts.append(int(index) if index else quoted.replace('\\"', '"') if quoted else name)
    return tuple(parts)


def _inside(value: Value, path: Path) -> Iterator[Path]:
    if isinstance(value, dict):
        for key, item in cast("dict[str, Value]", value).items():
            yield (*path, key)
            yield from _inside(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Value]", value)):
            yield from _inside(item, (*path, index))


def _covered(path: Path, verdict: Verdict) -> bool:
    """Whether the engine counts a difference too: a provider may know that two values mean the same."""
    if verdict.detailed:
        return any(_related(parse(key), path) for key in verdict.detailed)
    return not verdict.diff_reasons or path[0] in verdict.diff_reasons or path[0] in verdict.replace_reasons


def _related(one: Path, other: Path) -> bool:
    """Whether one path is the other or holds it; positions in lists are left aside, because sets have none."""
    a = [part for part in one if isinstance(part, str)]
    b = [part for part in other if isinstance(part, str)]
    return all(x == y for x, y in zip(a, b, strict=False))


def _marked(step: Step, change: PropertyChange, verdict: Verdict) -> PropertyChange:
    if verdict.op != "replace":
        return change
    forced = [key for key, kind in verdict.detailed.items() if kind.endswith("-replace")]
    by_detail = any(_related(parse(key), change.path) for key in forced)
    if by_detail or (not forced and change.path[0] in verdict.replace_reasons):
        return replace(change, replaces=reason(step, change.path, change) or _BY_PROVIDER)
    return change


def _drifted(old: Step, new: Step, verdict: Verdict, told: set[Path]) -> Iterator[PropertyChange]:
    """What the engine names and the inputs do not show: the cloud has something else than was last asked for."""
    for key, kind in verdict.detailed.items():
        path = parse(key)
        if not path or any(_related(path, known) for known in told):
            continue
        change = PropertyChange(
            path,
            _KINDS.get(kind.removesuffix("-replace"), "update"),
            _at(old.outputs, path) if _at(old.inputs, path) == _at(new.inputs, path) else _at(old.inputs, path),
            _at(new.inputs, path),
        )
        yield replace(change, replaces=reason(new, path) or _BY_PROVIDER) if kind.endswith("-replace") else change


def _at(value: Value, path: Path) -> Value:
    for part in path:
        if isinstance(value, list) and isinstance(part, int) and part < len(cast("list[Value]", value)):
            value = cast("list[Value]", value)[part]
        elif isinstance(value, dict):
            value = cast("dict[str, Value]", value).get(str(part))
        else:
            return None
    return value
