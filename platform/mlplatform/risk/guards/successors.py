"""Resources that are deleted and created again under another logical name: one change, not a loss."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from mlplatform.plan.change import ResourceChange
from mlplatform.plan.model import Step, Value
from mlplatform.plan.stateful import holds_data
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.compare import compare_steps
from mlplatform.risk.guards.inside import familiar_type, inside
from mlplatform.risk.guards.leaves import Leaf, changed_leaves
from mlplatform.risk.serving import affected_users

_ALIKE = 0.6
"""Share of equal inputs from which a created resource is the successor of a deleted one."""
_NOT_COMPARED = frozenset({"tags", "labels", "userLabels", "description", "displayName"})
_DEEPEST = 8
"""Levels in which names of other resources are looked for."""
_MOST_COMPARED = 40_000
"""Pairs of resources that are compared at most: a whole platform that moves is not a rename."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A resource that stays, and changes."""

    step: Step
    """As it will be."""

    leaves: tuple[Leaf, ...]
    """Its changed values."""

    follows: frozenset[str] = frozenset()
    """Its properties that name a resource which this change makes, replaces or deletes: they follow it."""

    place: str = ""
    """Path of the resource inside of the step of the same URN; empty for the step itself."""


@dataclass(frozen=True, slots=True)
class Turnover:
    """A change, with renamed resources as changed ones."""

    altered: tuple[Altered, ...]
    """Resources that stay, and change."""

    lost: tuple[Step, ...]
    """Resources that go while what they belong to stays."""

    new: tuple[Step, ...]
    """Resources that are really new."""


def turnover(evidence: Evidence) -> Turnover:
    """The change of an evidence in this form."""
    gone = [change.step for change in evidence.of("delete")]
    made = [change.step for change in evidence.of("create")]
    pairs = _successors(gone, made)
    cloud = evidence.diff.cloud
    moved = _Moved(evidence)
    altered: list[Altered] = []
    for old, new in pairs:
        leaves = tuple(changed_leaves(compare_steps(old, new, cloud)))
        altered.append(Altered(new, leaves, moved.followed(ResourceChange("replace", old, new), leaves)))
    inner_gone: list[Step] = []
    inner_new: list[Step] = []
    for change in evidence.of("update", "replace"):
        if inner := _inner_turnover(change, cloud):
            altered += inner[0]
            inner_gone += inner[1]
            inner_new += inner[2]
        else:
            leaves = tuple(changed_leaves(change.properties))
            altered.append(Altered(change.step, leaves, moved.followed(change, leaves)))
    renamed = {step.urn for pair in pairs for step in pair}
    subjects = _Subjects(gone, evidence)
    lost = [s for s in gone if s.urn not in renamed and not s.retain_on_delete and not subjects.go_with(s)]
    new = [step for step in made if step.urn not in renamed]
    return Turnover(tuple(altered), (*_opened(lost), *inner_gone), (*_opened(new), *inner_new))


def _opened(steps: Iterable[Step]) -> Iterator[Step]:
    """Each, or the resources inside of it."""
    for step in steps:
        yield from ([one for _, one in found.values()] if (found := inside(step)) else (step,))


def _successors(gone: list[Step], made: list[Step]) -> list[tuple[Step, Step]]:
    by_type: dict[str, list[Step]] = defaultdict(list)
    for step in made:
        by_type[familiar_type(step.type)].append(step)
    budget = _MOST_COMPARED
    pairs: list[tuple[Step, Step]] = []
    for old in gone:
        candidates = by_type.get(familiar_type(old.type), [])
        budget -= len(candidates)
        if not candidates or budget < 0:
            continue
        best = max(candidates, key=lambda new: _alike(old.inputs, new.inputs))
        if _alike(old.inputs, best.inputs) >= _ALIKE:
            candidates.remove(best)
            pairs.append((old, best))
    return pairs


def _alike(old: Mapping[str, Value], new: Mapping[str, Value]) -> float:
    keys = {key for key in {*old, *new} if key not in _NOT_COMPARED and not key.startswith("__")}
    return sum(old.get(key) == new.get(key) for key in keys) / len(keys) if keys else 1.0


def _inner_turnover(change: ResourceChange, cloud: str) -> tuple[list[Altered], list[Step], list[Step]] | None:
    """The same of the resources inside of one; None where there are none."""
    assert change.before is not None
    assert change.after is not None
    was, now = inside(change.before), inside(change.after)
    if was is None or now is None:
        return None
    gone = [step for key, (_, step) in was.items() if key not in now]
    pairs = [(was[key][1], step, path) for key, (path, step) in now.items() if key in was]
    new: list[Step] = []
    for path, step in (found for key, found in now.items() if key not in was):
        # names of releases hold a hash of their content: the next one of a type is the successor
        former = next((one for one in gone if one.type == step.type), None)
        if former is None:
            new.append(step)
            continue
        gone.remove(former)
        pairs.append((former, step, path))
    altered = [
        Altered(after, tuple(changed_leaves(compare_steps(before, after, cloud))), place=f"{path}.")
        for before, after, path in pairs
    ]
    return altered, gone, new


class _Moved:
    """Resources that are made, replaced or deleted: what refers to them changes with them."""

    def __init__(self, evidence: Evidence) -> None:
        changes = evidence.of("create", "replace", "delete")
        self._urns = {step.urn for change in changes for step in (change.before, change.after) if step}
        self._before = {name for change in changes if change.before for name in _own_names(change.before)}
        self._after = {name for change in changes if change.after for name in _own_names(change.after)}

    def followed(self, change: ResourceChange, leaves: Iterable[Leaf]) -> frozenset[str]:
        """Paths of changed values that follow others."""
        if not self._urns:
            return frozenset()
        return frozenset(leaf.path for leaf in leaves if self._is_followed(change, leaf))

    def _is_followed(self, change: ResourceChange, leaf: Leaf) -> bool:
        top = re.split(r"[.\[]", leaf.path, maxsplit=1)[0]
        sides = [step for step in (change.before, change.after) if step]
        if any(self._urns & {*step.property_dependencies.get(top, ())} for step in sides):
            return True
        was, now = (" ".join(_texts(side, 0)) for side in (leaf.before, leaf.after))
        return any(name in was for name in self._before) and any(name in now for name in self._after)


class _Subjects:
    """What is deleted together with its guards: an endpoint with its alarms, a store with its lifecycle."""

    def __init__(self, gone: list[Step], evidence: Evidence) -> None:
        self._before = evidence.before
        self._after = evidence.after
        self._gone = {step.urn: step for step in gone if _is_subject(step)}
        self._names = {name for step in self._gone.values() for name in _own_names(step)}
        self._served = {
            name
            for step in self._gone.values()
            if affected_users(step.type) and not holds_data(step)
            for name in _own_names(step)
        }
        self._components = {urn for step in self._gone.values() for urn in self._gone_parents(step)}
        self._users: dict[str, set[str]] = defaultdict(set)
        for step in evidence.before.values() if self._gone else ():
            for urn in _needs(step):
                self._users[urn].add(step.urn)

    def go_with(self, step: Step) -> bool:
        """Whether a deleted resource is about one that is deleted too.

        What it needs counts only as a whole: the log of a bucket that stays does not go with the bucket that it is
        written to.
        """
        if not self._gone:
            return False
        if self._names_served(step):
            return True
        of = {urn for urn in _needs(step) if urn in self._before and _is_subject(self._before[urn])}
        if of:
            return of <= self._gone.keys()
        if any(parent in self._components for parent in self._gone_parents(step)):
            return True
        users = self._users.get(step.urn, set())
        if users and users <= self._gone.keys():
            return True
        own = self._names - _own_names(step)
        return bool(own) and any(name in own for name in _texts(step.inputs, 0))

    def _names_served(self, step: Step) -> bool:
        """Whether it names something deleted that serves people or jobs, for example in the query of an alarm."""
        own = self._served - _own_names(step)
        return bool(own) and any(name in text for text in _texts(step.inputs, 0) for name in own)

    def _gone_parents(self, step: Step) -> list[str]:
        """Components above it that are gone too, the nearest first."""
        parents: list[str] = []
        urn = step.parent
        while urn and urn not in self._after and urn not in parents and urn in self._before:
            parents.append(urn)
            urn = self._before[urn].parent
        return parents


def _is_subject(step: Step) -> bool:
    return bool(affected_users(step.type)) or holds_data(step)


def _needs(step: Step) -> set[str]:
    return {urn for urns in step.property_dependencies.values() for urn in urns} | {*step.dependencies}


def _own_names(step: Step) -> set[str]:
    values = [step.id, *(step.outputs.get(key) or step.inputs.get(key) for key in ("id", "arn", "name", "selfLink"))]
    values += [value for key, value in step.inputs.items() if key == "bucket" or key.endswith("Name")]
    return {value for value in values if isinstance(value, str) and len(value) > 5}


def _texts(value: Value, depth: int) -> list[str]:
    """Every text inside, whole and between slashes."""
    if isinstance(value, str):
        return [value, *value.split("/")]
    if depth > _DEEPEST or not isinstance(value, Mapping | list):
        return []
    inside = (
        list(cast("Mapping[str, Value]", value).values()) if isinstance(value, Mapping) else cast("list[Value]", value)
    )
    return [text for item in inside for text in _texts(item, depth + 1)]
