"""A difference for tools: every change with every property, without secrets."""

from __future__ import annotations

from collections import Counter

from mlplatform.plan.change import Diff, PropertyChange, ResourceChange, SpecChange
from mlplatform.plan.model import document_value
from mlplatform.plan.stateful import holds_data
from mlplatform.views.diff.common import KINDS, Compared
from mlplatform.views.plan.json import document_text

VERSION = 1
"""Raised when a field is removed or changes its meaning; not for new fields."""


def document(compared: Compared) -> str:
    """The document, with a newline at its end."""
    return document_text(
        {
            "version": VERSION,
            "base": compared.base,
            "head": compared.head,
            "clouds": [_cloud(diff, compared.unlisted) for diff in compared.diffs],
        }
    )


def _cloud(diff: Diff, unlisted: int) -> dict[str, object]:
    counts = Counter(change.kind for change in diff.changes)
    return {
        "cloud": diff.cloud,
        "target": diff.target,
        "stack": diff.after.stack or diff.before.stack,
        "summary": {**{kind: counts[kind] for kind in KINDS}, "same": diff.unchanged + unlisted},
        "spec": [_field(field) for field in diff.spec_changes],
        "changes": [_change(change) for change in diff.changes],
    }


def _field(field: SpecChange) -> dict[str, object]:
    return {"path": field.path, "before": field.before, "after": field.after, "resources": list(field.urns)}


def _change(change: ResourceChange) -> dict[str, object]:
    step, before = change.step, change.before
    return {
        "kind": change.kind,
        "urn": step.urn,
        "formerUrn": before.urn if before and before.urn != step.urn else None,
        "type": step.type,
        "name": step.name,
        "capability": change.capability,
        "component": change.component,
        "holdsData": holds_data(step),
        "deletedFirst": change.deleted_first,
        "protected": bool(before and before.protect),
        "properties": [_property(prop) for prop in change.properties],
    }


def _property(change: PropertyChange) -> dict[str, object]:
    return {
        "path": list(change.path),
        "text": change.text,
        "kind": change.kind,
        "option": change.is_option,
        "before": document_value(change.before),
        "after": document_value(change.after),
        "replaces": change.replaces,
    }
