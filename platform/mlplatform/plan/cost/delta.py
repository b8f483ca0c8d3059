"""Compares two estimates. What has a price on one side only has no difference: the change is unknown there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from math import isclose
from typing import TypeVar

from mlplatform.plan.cost.amount import ZERO, Range
from mlplatform.plan.cost.change import CostChange, CostDelta
from mlplatform.plan.cost.model import Estimate, Mark, Marks, MissingPart, ResourceCost


def delta(before: Estimate, after: Estimate) -> CostDelta:
    """Compare two estimates.

    Args:
        before: the present one.
        after: the one after the change, for the same cloud.
    """
    return CostDelta(
        before=before,
        after=after,
        resources=_changes(before, after, lambda part: part.urn),
        by_component=_changes(before, after, lambda part: part.component),
        by_capability=_changes(before, after, lambda part: part.capability),
        total=_compare(before, after),
        gpu_hours=CostChange(before.gpu_hours, after.gpu_hours),
    )


_Part = ResourceCost | MissingPart
T = TypeVar("T", ResourceCost, MissingPart)


def _changes(before: Estimate, after: Estimate, group: Callable[[_Part], str]) -> dict[str, CostChange]:
    """Changes by group; without the groups that cost the same on both sides."""
    was, will = _grouped(before.resources, group), _grouped(after.resources, group)
    lacked, lacks = _grouped(before.missing, group), _grouped(after.missing, group)
    changes = {
        name: _change(was.get(name, ()), will.get(name, ()), lacked.get(name, ()), lacks.get(name, ()))
        for name in sorted({*was, *will, *lacked, *lacks})
    }
    return {name: change for name, change in changes.items() if change.unknown or change.before != change.after}


def _compare(before: Estimate, after: Estimate) -> CostChange:
    return _change(before.resources, after.resources, before.missing, after.missing)


def _change(
    before: Iterable[ResourceCost],
    after: Iterable[ResourceCost],
    missing_before: Iterable[MissingPart],
    missing_after: Iterable[MissingPart],
) -> CostChange:
    before, after = tuple(before), tuple(after)
    return CostChange(
        Range.total(resource.monthly for resource in before),
        Range.total(resource.monthly for resource in after),
        _unknown(missing_before, missing_after),
        _marks(before, after),
    )


def _marks(before: tuple[ResourceCost, ...], after: tuple[ResourceCost, ...]) -> Marks:
    """Marks of the prices that are part of the difference: what costs the same on both sides is not."""
    was, will = ({resource.urn: resource for resource in side} for side in (before, after))
    changed = [urn for urn in {*was, *will} if was.get(urn) != will.get(urn)]
    sides = (resource for urn in changed for resource in (was.get(urn), will.get(urn)) if resource)
    return frozenset[Mark]().union(*(resource.marks for resource in sides))


def _unknown(before: Iterable[MissingPart], after: Iterable[MissingPart]) -> tuple[str, ...]:
    """Reasons why the difference is unknown: what lacks a price on one side, or in another amount on each side."""
    was, will = _amounts(before), _amounts(after)
    reasons: set[str] = set()
    for key in {*was, *will}:
        (old, old_reason), (new, new_reason) = was.get(key, (ZERO, "")), will.get(key, (ZERO, ""))
        one_sided = key not in was or key not in will
        if one_sided or not _alike(old, new):
            reasons.add(new_reason or old_reason)
    return tuple(sorted(reasons))


def _amounts(parts: Iterable[MissingPart]) -> dict[Hashable, tuple[Range, str]]:
    """What lacks a price: by price and region with its amount, else by resource and inputs.

    Parts of one price are summed up, because shares of one amount move between resources when their number changes.
    """
    found: dict[Hashable, tuple[Range, str]] = {}
    for part in parts:
        if part.minor:
            continue
        key: Hashable = (part.sku, part.region) if part.inputs is None else (part.urn, part.reason, repr(part.inputs))
        known = found[key][0] if key in found else ZERO
        found[key] = (known + part.quantity, part.reason)
    return found


def _alike(one: Range, other: Range) -> bool:
    pairs = ((one.low, other.low), (one.expected, other.expected), (one.high, other.high))
    return all(isclose(left, right, rel_tol=1e-9, abs_tol=1e-9) for left, right in pairs)


def _grouped(parts: Iterable[T], group: Callable[[_Part], str]) -> Mapping[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for part in parts:
        groups[group(part)].append(part)
    return {name: tuple(items) for name, items in groups.items()}
