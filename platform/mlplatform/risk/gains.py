"""Rights that a change gives, compared as a whole: a narrower right, or one that moves, is no gain."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mlplatform.plan.change import ResourceChange
from mlplatform.plan.model import Step
from mlplatform.risk.condition import Condition
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.right import Right
from mlplatform.risk.rights import read_rights, rights_of


@dataclass(frozen=True, slots=True)
class Gain:
    """What one resource gives that nobody had, or no longer forbids."""

    step: Step
    """The resource."""

    rights: tuple[Right, ...]
    """Rights that are new or wider than before, in a stable order."""

    lifted: tuple[Right, ...] = ()
    """Former denials that no longer hold."""

    unknown: str = ""
    """Input that decides what it gives, changed, and is not known before the `up`; empty where all is known."""


class RightIndex:
    """Rights by principal, to find one that includes another."""

    def __init__(self, rights: Iterable[Right]) -> None:
        self._exact = frozenset(rights)
        self._by_principal: defaultdict[str, list[Right]] = defaultdict(list)
        self._wide: list[Right] = []
        for right in sorted(self._exact, key=_order):
            self._by_principal[right.principal].append(right)
            if "*" in right.principal or right.principal.endswith(":root") or right.principal.isdigit():
                self._wide.append(right)

    def includes(self, right: Right) -> bool:
        """Whether one of them includes a right."""
        return right in self._exact or any(right.within(other) for other in self._near(right))

    def lost_conditions(self, right: Right) -> frozenset[Condition]:
        """Conditions of the same right as it was, which it no longer has; none where it was not there."""
        for other in self._by_principal[right.principal]:
            bare = Right(right.principal, right.action, right.scope, right.kind)
            if bare.within(Right(other.principal, other.action, other.scope, other.kind)):
                return frozenset(
                    one for one in other.conditions if not any(mine.within(one) for mine in right.conditions)
                )
        return frozenset()

    def _near(self, right: Right) -> Iterator[Right]:
        yield from self._by_principal[right.principal]
        yield from self._wide


def former_rights(evidence: Evidence) -> RightIndex:
    """The rights that changed resources gave before the change."""
    return RightIndex(right for old, _ in evidence.pairs() if old for right in rights_of(old))


def gains_of(evidence: Evidence, before: RightIndex) -> Iterator[Gain]:
    """What each changed resource gives that was not given before."""
    gone = {change.step.urn for change in evidence.of("delete")}
    for change in evidence.diff.changes:
        if not change.step.custom:
            continue
        now, unknown = read_rights(change.after) if change.after else (frozenset[Right](), "")
        if unknown and not _touches(change, unknown):
            unknown = ""
        gained = [right for right in now if right.kind != "deny" and not before.includes(right)]
        lifted = _lifted(change, now, gone, unknown)
        if gained or lifted or unknown:
            yield Gain(change.step, tuple(sorted(gained, key=_order)), tuple(sorted(lifted, key=_order)), unknown)


def _touches(change: ResourceChange, path: str) -> bool:
    """Whether an input changed that cannot be read; of a new resource, policies are seldom known before."""
    first = re.split(r"[.\[]", path, maxsplit=1)[0]
    return change.before is not None and any(item.path[0] == first for item in change.properties)


def _lifted(change: ResourceChange, now: frozenset[Right], gone: set[str], unknown: str) -> list[Right]:
    """Denials of a resource that it no longer makes; a resource that goes with what it protects lifts none."""
    if change.before is None or (change.after is None and gone.intersection(change.before.dependencies)):
        return []
    if unknown:
        return []
    denials = [right for right in rights_of(change.before) if right.kind == "deny"]
    held = (right for right in now if right.kind == "deny")
    if change.kind == "replace":
        # what it was about is gone, and the denials are about what takes its place
        still = RightIndex(replace(right, scope="") for right in held)
        return [right for right in denials if not still.includes(replace(right, scope=""))]
    still = RightIndex(held)
    return [right for right in denials if not still.includes(right)]


def _order(right: Right) -> tuple[str, str, str, str]:
    return (right.action, right.principal, right.scope, str(sorted(map(str, right.conditions))))
