"""A name changes: the physical name, or the logical name without an alias."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from mlplatform.checks.wording import shown
from mlplatform.plan.change import PropertyChange, ResourceChange
from mlplatform.plan.model import Step, Value
from mlplatform.plan.stateful import holds_data
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule
from mlplatform.risk.serving import affected_users

_NAMES = frozenset(
    {"name", "bucket", "bucketName", "accountName", "vaultName", "registryName", "workspaceName", "resourceName",
     "repositoryId", "accountId", "resourceGroupName", "endpointName", "clusterName"}
)  # fmt: skip

_FIX = "Keep the name; or add the new one beside the old one, move over, and remove the old one later."
_HASH = re.compile(r"-[0-9a-f]{8}(?=-|$)|/[0-9a-f]{64}(?=\.|$)")


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("update", "replace"):
        for item in change.properties:
            if len(item.path) == 1 and item.path[0] in _NAMES and item.kind == "update" and not _is_generated(item):
                yield Hit(
                    "medium",
                    change.step.urn,
                    "Its physical name changes; update everything that refers to it by name.",
                    item.text,
                )
    gone = {_physical(change): change for change in evidence.of("delete") if _physical(change)}
    for change in evidence.of("create"):
        old = gone.get(_physical(change))
        if old and old.step.urn != change.step.urn:
            level = "critical" if holds_data(change.step) else "high"
            yield Hit(
                level,
                change.step.urn,
                "The same resource is deleted and created again under another logical name; an alias would keep it.",
            )

    yield from _renamed_in_spec(evidence)


def _renamed_in_spec(evidence: Evidence) -> Iterator[Hit]:
    """Resources deleted and created again that differ only in their name: a rename in the spec."""
    gone = [change.step for change in evidence.of("delete") if affected_users(change.step.type)]
    for step in (change.step for change in evidence.of("create")):
        old = next((former for former in gone if former.type == step.type and _is_alike(former, step)), None)
        if old:
            gone.remove(old)
            reason = f"It is {shown(old.name)} under a new name: it is created, and the former one is deleted."
            yield Hit("medium", step.urn, reason, fix=_FIX)


def _is_alike(old: Step, new: Step) -> bool:
    """Whether their inputs differ only in the part in which their logical names differ."""
    start = _common(old.name, new.name)
    end = _common(old.name[start:][::-1], new.name[start:][::-1])
    was, now = (name[start : len(name) - end] for name in (old.name, new.name))
    return bool(was and now) and old.inputs != new.inputs and _renamed(old.inputs, was, now) == new.inputs


def _common(one: str, other: str) -> int:
    """Characters with which both begin."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _renamed(value: Value, was: str, now: str) -> Value:
    if isinstance(value, str):
        return value.replace(was, now)
    if isinstance(value, dict):
        return {key: _renamed(item, was, now) for key, item in cast("dict[str, Value]", value).items()}
    return [_renamed(item, was, now) for item in cast("list[Value]", value)] if isinstance(value, list) else value


def _is_generated(change: PropertyChange) -> bool:
    """Whether only a content hash differs: such names change with every version of the content."""
    was, now = (_HASH.sub("-", str(value)) for value in (change.before, change.after))
    return was == now


def _physical(change: ResourceChange) -> tuple[str, str] | None:
    """Its type and all its physical names; None where it has none."""
    names = {
        key: value
        for key, value in change.step.inputs.items()
        if isinstance(value, str) and (key in _NAMES or key.endswith("Name"))
    }
    own = names.keys() - {"resourceGroupName"}
    return (change.step.type, " ".join(f"{key}={value}" for key, value in sorted(names.items()))) if own else None


RULE = RiskRule(
    id="renamed",
    topic="names",
    title="Names do not change",
    fix="Keep the logical name, or give the component an alias with the former one.",
    examine=_examine,
    headline="{things} [gets|get] another name",
    link="https://www.pulumi.com/docs/iac/concepts/resources/options/aliases/",
)
