"""What follows from replacements: a new resource has another id, so what refers to it changes too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from mlplatform.plan.change import PropertyChange, ResourceChange
from mlplatform.plan.diff.verdict import reason
from mlplatform.plan.model import UNKNOWN, Plan, Step, Value

Path = tuple[str | int, ...]


def followed(changes: dict[str, ResourceChange], after: Plan) -> dict[str, ResourceChange]:
    """The changes, with those of resources that refer to replaced ones by values only the cloud knows.

    What has a fixed name is referred to by it and stays as it is.
    """
    replaced = {urn for urn, change in changes.items() if change.kind == "replace"}
    if not replaced:
        return changes
    found = dict(changes)
    for step in after.steps:
        if not step.custom or step.op == "read":
            continue
        known = found.get(step.urn)
        if known and known.kind == "create":
            continue
        new = list(_follow(step, replaced, known.properties if known else ()))
        if not new:
            continue
        base = known or ResourceChange("update", step, step)
        kind = "replace" if base.kind == "replace" or any(change.replaces for change in new) else "update"
        found[step.urn] = replace(base, kind=kind, properties=(*base.properties, *new))
        if kind == "replace":
            replaced.add(step.urn)
    return found


def _follow(step: Step, replaced: set[str], known: tuple[PropertyChange, ...]) -> Iterator[PropertyChange]:
    told = {change.path for change in known}
    for key, urns in step.property_dependencies.items():
        if replaced.isdisjoint(urns) or key not in step.inputs:
            continue
        for path in _unknown(step.inputs[key], (key,)):
            if path not in told:
                yield PropertyChange(path, "update", UNKNOWN, UNKNOWN, reason(step, path))


def _unknown(value: Value, path: Path) -> Iterator[Path]:
    if value == UNKNOWN:
        yield path
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Value]", value).items():
            yield from _unknown(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Value]", value)):
            yield from _unknown(item, (*path, index))
