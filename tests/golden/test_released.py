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

from .released import RELEASE, RENEWED, STACKS, is_renewed, released

WITHDRAWN: dict[str, tuple[str, ...]] = {
    "aws": (
        r"acme-ml-routes-webhook-[a-z]+-(rule|target)",
        r"acme-ml-store-(write-pipelines|read-data-training|write-features-models-pipelines-training)",
        r"acme-ml-store-(read-data-features-monitoring|write-models-pipelines)-(data-scientist|ml-engineer)",
    ),
    "gcp": (
        r"acme-ml-store-(pipelines-(models|monitoring)|training-models|data-scientist-.+-models)-write",
        r"acme-ml-store-ml-engineer-.+-models-write",
    ),
    "azure": (
        r"acme-ml-models-models-.+-ml-data-scientist",
        r"acme-ml-store-(models|monitoring)-(pipelines|training|data-scientist-[0-9a-f]+)-blob-contributor",
        r"acme-ml-store-models-ml-engineer-[0-9a-f]+-blob-contributor",
    ),
}
"""Resources that went on purpose, by cloud and pattern of their names: they hold nothing, and nobody refers to them.

- AWS: a webhook is posted from a queue that gets everything that mail gets; before, a rule posted alarms alone.
- Azure: its role of data scientists also changes endpoints and moves their traffic; roles without endpoints replace it.
- All: ML engineers add to `models`, and no longer overwrite what is there.
- All: pipelines, jobs and data scientists lose the right to write `models`, and pipelines that to write `monitoring`.
"""

LOST = """{stack} as release {release} left it would lose {count} resource(s) to an upgrade:
{listed}
A rename needs its former name, what cannot be changed in place another way (docs/changes.md)."""


def withdrawn(change: ResourceChange, cloud: str) -> bool:
    names = WITHDRAWN.get(cloud, ())
    return change.kind == "delete" and any(re.fullmatch(name, change.step.name) for name in names)


SWAPPED = (b"eastus", b"westus3")
"""Regions of Azure that the stacks have exchanged since the release; elsewhere a platform is another platform."""


def _moved(state: bytes) -> bytes:
    """A released state as if its platform had been made where the stacks are now."""
    here, there = SWAPPED
    return state.replace(here, b"\0").replace(there, here).replace(b"\0", there)


def _made_up(change: ResourceChange) -> bool:
    """True for records in the domain that Azure makes up for an environment, which differs in another region."""
    causes = {item.path for item in change.properties if item.replaces}
    return "-apps-" in change.step.urn and causes == {("privateZoneName",)}


@pytest.mark.parametrize("stack", STACKS)
def test_an_upgrade_keeps_every_resource(stack: str, stack_plan: Callable[..., Plan]) -> None:
    before = read_plan(_moved(released(stack))).plan
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
