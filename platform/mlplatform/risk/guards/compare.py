"""Compares two steps, or two documents, that the diff of the whole change does not compare with each other."""

from __future__ import annotations

from dataclasses import replace

from mlplatform.plan.change import PropertyChange
from mlplatform.plan.diff import diff
from mlplatform.plan.model import Plan, Step, Value
from mlplatform.plan.sources.fields import items, mapping
from mlplatform.reading.document import read_yaml
from mlplatform.reading.yaml_tree import NotReadable

_LARGEST = 200_000
"""Characters of a text that is read as YAML."""
_DOCUMENT = Step("create", "urn:pulumi:s::p::d::d", "d", "d", True, {})


def compare_steps(before: Step, after: Step, cloud: str) -> tuple[PropertyChange, ...]:
    """What differs between two resources, as if one became the other."""
    former = replace(
        before, urn=after.urn, name=after.name, type=after.type, parent=after.parent, dependencies=after.dependencies
    )
    was, now = (Plan(cloud, "", "", (step,)) for step in (former, after))
    changes = diff(was, now).changes
    return changes[0].properties if changes else ()


def compare_texts(before: Value, after: Value) -> tuple[PropertyChange, ...]:
    """What differs between two YAML documents; nothing where one is none. Paths begin in the document."""
    texts = [value for value in (before, after) if isinstance(value, str) and ":" in value and len(value) <= _LARGEST]
    if len(texts) < 2 or not any("\n" in text for text in texts):
        return ()
    was, now = (_document(text) for text in texts)
    if not ((mapping(was) and mapping(now)) or (items(was) and items(now))):
        return ()
    found = compare_steps(replace(_DOCUMENT, inputs={"": was}), replace(_DOCUMENT, inputs={"": now}), "")
    return tuple(replace(change, path=change.path[1:]) for change in found if len(change.path) > 1)


def _document(text: str) -> object:
    try:
        return read_yaml(text).data
    except NotReadable:
        return None
