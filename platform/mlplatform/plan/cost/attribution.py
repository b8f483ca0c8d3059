"""Differences of cost by the capability that caused them.

Some amounts of a month are one number for the whole platform, which its resources divide: the logs of all log groups,
the images of all repositories. Where one of them goes, the parts of the others grow, although they stay the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from mlplatform.plan.cost.amount import ZERO, Range
from mlplatform.plan.cost.change import CostChange, CostDelta, SharedAmount
from mlplatform.plan.cost.model import ResourceCost

_Kind = tuple[str, str, str, str]
"""Price, region, unit and words of a line: lines of one kind may divide one amount."""
_LEAST = 0.005
"""US dollars below which a part has not moved."""
_Group = Callable[[ResourceCost], str]


def attribute_cost(delta: CostDelta, touched: Collection[str]) -> CostDelta:
    """Count what is divided anew under the capability and component whose resources come, go or change.

    Args:
        delta: the two estimates compared.
        touched: URNs of the resources that the change creates, updates, replaces or deletes.

    Returns:
        The same with other differences by capability and component, and with what is divided anew.
    """
    capabilities, shared = _moves(delta, touched, lambda resource: resource.capability)
    if not shared:
        return delta
    components, _ = _moves(delta, touched, lambda resource: resource.component)
    return replace(
        delta,
        by_capability=_moved(delta.by_capability, capabilities),
        by_component=_moved(delta.by_component, components),
        shared=shared,
    )


def _moves(
    delta: CostDelta, touched: Collection[str], group: _Group
) -> tuple[dict[str, Range], tuple[SharedAmount, ...]]:
    lines: dict[_Kind, dict[tuple[str, str], Range]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for sign, side in ((-1, delta.before), (1, delta.after)):
        for resource in side.resources:
            for line in resource.lines:
                kind = (line.sku, line.region, line.unit, line.what)
                lines[kind][resource.urn, group(resource)] += line.monthly * sign
    moves: dict[str, Range] = defaultdict(lambda: ZERO)
    shared: list[SharedAmount] = []
    for kind, parts in lines.items():
        own: dict[str, float] = defaultdict(float)
        for (urn, name), amount in parts.items():
            if urn in touched:
                own[name] += abs(amount.expected)
        others = {key: amount for key, amount in parts.items() if key[0] not in touched and _is_notable(amount)}
        whole = sum(own.values())
        if not others or not whole:
            # what is billed for others, as the addresses of nodes, is billed where it is
            continue
        moved = Range.total(others.values())
        for (_, name), amount in others.items():
            moves[name] -= amount
        for name, weight in own.items():
            moves[name] += moved * (weight / whole)
        shared.append(SharedAmount(kind[3], len(others), tuple(sorted(name for name, weight in own.items() if weight))))
    return moves, tuple(sorted(shared, key=lambda one: one.what))


def _is_notable(amount: Range) -> bool:
    return max(abs(amount.low), abs(amount.expected), abs(amount.high)) >= _LEAST


def _moved(known: Mapping[str, CostChange], moves: Mapping[str, Range]) -> dict[str, CostChange]:
    changes = dict(known)
    for name, amount in moves.items():
        change = changes.get(name, CostChange(ZERO, ZERO))
        changes[name] = replace(change, after=change.after + amount)
    return {
        name: change
        for name, change in sorted(changes.items())
        if change.unknown or _is_notable(change.after - change.before)
    }
