"""Cascades: a new resource has another id, and an update may raise a version, so what refers to it changes too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from mlplatform.catalog.raised import RAISED, raises
from mlplatform.plan.change import PropertyChange, PropertyPath, ResourceChange, in_order
from mlplatform.plan.diff.unknown import all_texts
from mlplatform.plan.diff.verdict import replacement_reason
from mlplatform.plan.model import UNKNOWN, Plan, Step, Value
from mlplatform.plan.sources.fields import mapping

_IDENTITIES = ("id", "arn", "selfLink", "uniqueId", "principalId", "clientId")
"""Outputs that a replacement changes, where the plan is resolved."""


def cascade_replacements(changes: dict[str, ResourceChange], after: Plan) -> dict[str, ResourceChange]:
    """Add the changes of resources that refer to a replaced one by a value that only the cloud assigns.

    A reference by a name that the program sets stays the same.
    """
    replaced = {urn: _marks(change.step) for urn, change in changes.items() if change.kind == "replace"}
    if not replaced:
        return changes
    all_changes = dict(changes)
    for step in after.steps:
        if not step.custom or step.op == "read":
            continue
        own = all_changes.get(step.urn)
        if own and own.kind == "create":
            continue
        new = list(_follow(step, replaced, own.properties if own else ()))
        if not new:
            continue
        base = own or ResourceChange("update", step, step)
        kind = "replace" if base.kind == "replace" or any(change.replaces for change in new) else "update"
        all_changes[step.urn] = replace(base, kind=kind, properties=in_order((*base.properties, *new)))
        if kind == "replace":
            replaced[step.urn] = _marks(step)
    return all_changes


def cascade_raised(changes: dict[str, ResourceChange], after: Plan) -> dict[str, ResourceChange]:
    """Add the changes of resources that run the version of an updated one, which the program alone does not show."""
    raised = {
        urn: RAISED[change.step.type].readers
        for urn, change in changes.items()
        if change.kind == "update" and any(raises(change.step.type, item.path) for item in change.properties)
    }
    if not raised:
        return changes
    all_changes = dict(changes)
    for step in after.steps:
        for urn, readers in raised.items():
            path = readers.get(step.type)
            own = all_changes.get(step.urn)
            if path is None or (own and own.kind != "update"):
                continue
            if urn in step.property_dependencies.get(path[0], ()) and (value := _value_at(step.inputs, path)):
                base = own or ResourceChange("update", step, step)
                if all(item.path != path for item in base.properties):
                    new = PropertyChange(path, "update", value, UNKNOWN, replacement_reason(step, path))
                    all_changes[step.urn] = replace(base, properties=in_order((*base.properties, new)))
    return all_changes


def _value_at(inputs: Mapping[str, Value], path: PropertyPath) -> Value:
    value: Value = inputs
    for part in path:
        value = mapping(value).get(str(part))
    return value


def _follow(
    step: Step, replaced: Mapping[str, frozenset[str]], known: tuple[PropertyChange, ...]
) -> Iterator[PropertyChange]:
    listed = {change.path for change in known}
    for key, urns in step.property_dependencies.items():
        marks = frozenset[str]().union(*(replaced[urn] for urn in urns if urn in replaced))
        if not marks or key not in step.inputs:
            continue
        for path, value in _holding(step.inputs[key], (key,), marks):
            if path not in listed:
                yield PropertyChange(path, "update", value, UNKNOWN, replacement_reason(step, path))


def _marks(step: Step) -> frozenset[str]:
    """Values that identify a resource and change with a replacement; not its name, where the program sets it."""
    set_by_program = set(all_texts(step.inputs))
    own = {step.id, *(text for key in _IDENTITIES if isinstance(text := step.outputs.get(key), str))}
    return frozenset(own - set_by_program - {""}) | {UNKNOWN}


def _holding(value: Value, path: PropertyPath, marks: frozenset[str]) -> Iterator[tuple[PropertyPath, str]]:
    if isinstance(value, str):
        if any(mark in value for mark in marks):
            yield path, value
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Value]", value).items():
            yield from _holding(item, (*path, key), marks)
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Value]", value)):
            yield from _holding(item, (*path, index), marks)
