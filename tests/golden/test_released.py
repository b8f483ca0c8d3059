"""Upgrades from the last release's states replace and delete nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from mlplatform.plan.change import ResourceChange
from mlplatform.plan.diff import diff
from mlplatform.plan.model import Plan
from mlplatform.plan.sources import read_plan

from .released import RELEASE, RENEWED, STACKS, is_renewed, is_withdrawn, moved, released

LOST = """{stack} as release {release} left it would lose {count} resource(s) to an upgrade:
{listed}
A rename needs its former name, what cannot be changed in place another way (docs/changes.md)."""


def withdrawn(change: ResourceChange, cloud: str) -> bool:
    return change.kind == "delete" and is_withdrawn(change.step.name, cloud)


def _made_up(change: ResourceChange) -> bool:
    """True for records in the domain that Azure makes up for an environment, which differs in another region."""
    causes = {item.path for item in change.properties if item.replaces}
    return "-apps-" in change.step.urn and causes == {("privateZoneName",)}


@pytest.mark.parametrize("stack", STACKS)
def test_an_upgrade_keeps_every_resource(stack: str, stack_plan: Callable[..., Plan]) -> None:
    before = read_plan(moved(released(stack))).plan
    name, cloud = stack.split("-")
    assert (before.stack, before.cloud) == (stack, cloud)
    found = diff(before, stack_plan(name, cloud, resolve=True))
    lost = [
        change
        for change in found.changes
        if change.kind in ("delete", "replace")
        and not (withdrawn(change, cloud) or _is_renewed(change) or _made_up(change))
    ]
    listed = "\n".join(
        f"  {change.kind} {change.step.urn}: {', '.join(p.text for p in change.properties if p.replaces)}"
        for change in lost
    )
    assert not lost, LOST.format(stack=stack, release=RELEASE, count=len(lost), listed=listed)
    kinds = Counter(change.kind for change in found.changes)
    assert found.unchanged + sum(kinds.values()) >= len(before.resources())


def test_what_is_replaced_on_purpose_is_still_replaced(stack_plan: Callable[..., Plan]) -> None:
    causes: set[tuple[str, str]] = set()
    for stack in STACKS:
        name, cloud = stack.split("-")
        found = diff(read_plan(released(stack)).plan, stack_plan(name, cloud, resolve=True))
        causes |= {(change.step.type, cause) for change in found.changes for cause in _causes(change)}
    assert {(kind, cause) for kind, cause, _ in RENEWED} <= causes


def _is_renewed(change: ResourceChange) -> bool:
    return change.kind == "replace" and is_renewed(change.step.type, _causes(change))


def _causes(change: ResourceChange) -> frozenset[str]:
    return frozenset(item.text for item in change.properties if item.replaces)
