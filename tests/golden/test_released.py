"""Upgrades from the last release's states replace and delete nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest

from mlplatform.plan.change import ResourceChange
from mlplatform.plan.diff import diff
from mlplatform.plan.model import Plan
from mlplatform.plan.sources import read_plan

from .released import RELEASE, STACKS, released

WITHDRAWN: dict[str, tuple[str, ...]] = {
    "aws": (r"acme-ml-routes-webhook-[a-z]+-(rule|target)",),
    "azure": (r"acme-ml-models-models-.+-ml-data-scientist",),
}
"""Resources that went on purpose, by cloud and pattern of their names: they hold nothing, and nobody refers to them.

- AWS: a webhook is posted from a queue that gets everything that mail gets; before, a rule posted alarms alone.
- Azure: its role of data scientists also changes endpoints and moves their traffic; roles without endpoints replace it.
"""

LOST = """{stack} as release {release} left it would lose {count} resource(s) to an upgrade:
{listed}
A rename needs its former name, what cannot be changed in place another way (docs/changes.md)."""


def withdrawn(change: ResourceChange, cloud: str) -> bool:
    names = WITHDRAWN.get(cloud, ())
    return change.kind == "delete" and any(re.fullmatch(name, change.step.name) for name in names)


@pytest.mark.parametrize("stack", STACKS)
def test_an_upgrade_keeps_every_resource(stack: str, stack_plan: Callable[..., Plan]) -> None:
    before = read_plan(released(stack)).plan
    name, cloud = stack.split("-")
    assert (before.stack, before.cloud) == (stack, cloud)
    found = diff(before, stack_plan(name, cloud, resolve=True))
    lost = [change for change in found.changes if change.kind in ("delete", "replace") and not withdrawn(change, cloud)]
    listed = "\n".join(
        f"  {change.kind} {change.step.urn}: {', '.join(p.text for p in change.properties if p.replaces)}"
        for change in lost
    )
    assert not lost, LOST.format(stack=stack, release=RELEASE, count=len(lost), listed=listed)
    kinds = Counter(change.kind for change in found.changes)
    assert found.unchanged + sum(kinds.values()) >= len(before.resources())
