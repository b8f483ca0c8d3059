"""Differences of cost by the capability that caused them.

Some amounts of a month are one number for the whole platform, which its resources divide: the logs of all log groups,
the images of all repositories. Where one of them goes, the parts of the others grow, although they stay the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from mlplatform.plan.cost.amount import ZERO, Range
from mlplatform.plan.cost.model import CostChange, CostDelta, CostLine, Estimate

_Kind = tuple[str, str, str, str]
"""Price, region, unit and words of a line: lines of one kind may divide one amount."""
_LEAST = 0.005
"""US dollars below which a part has not moved."""


@dataclass(frozen=True, slots=True)
class SharedAmount:
    """One amount that is divided anew among resources that the change does not touch."""

    what: str
    """For people: `logs ingested`."""

    others: int
    """Number of resources whose part changes, although they stay the same."""

    capabilities: tuple[str, ...]
    """Titles of the capabilities that caused it: their difference has it."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """The difference of an estimate by cause."""

    by_capability: Mapping[str, CostChange]
    """By title of the capability, without those that cost the same."""

    shared: tuple[SharedAmount, ...]
    """What is divided anew."""


def attribute_cost(delta: CostDelta, touched: Collection[str]) -> Attribution:
    """Count what is divided anew under the capability whose resources come, go or change.

    Args:
        delta: the two estimates.
        touched: URNs of the resources that the change creates, updates, replaces or deletes.
    """
    lines: dict[_Kind, dict[tuple[str, str], Range]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for sign, side in ((-1, delta.before), (1, delta.after)):
        for urn, capability, line in _lines(side):
            lines[_kind(line)][urn, capability] += line.monthly * sign
    moves: dict[str, Range] = defaultdict(lambda: ZERO)
    shared: list[SharedAmount] = []
    for kind, parts in lines.items():
        own: dict[str, float] = defaultdict(float)
        for (urn, capability), amount in parts.items():
            if urn in touched:
                own[capability] += abs(amount.expected)
        others = {key: amount for key, amount in parts.items() if key[0] not in touched and _is_notable(amount)}
        whole = sum(own.values())
        if not others or not whole:
            # what is billed for others, as the addresses of nodes, is billed where it is
            continue
        moved = Range.total(others.values())
        for (_, capability), amount in others.items():
            moves[capability] -= amount
        for capability, weight in own.items():
            moves[capability] += moved * (weight / whole)
        shared.append(SharedAmount(kind[3], len(others), tuple(sorted(name for name, weight in own.items() if weight))))
    return Attribution(_moved(delta, moves), tuple(sorted(shared, key=lambda one: one.what)))


def _lines(side: Estimate) -> list[tuple[str, str, CostLine]]:
    return [(resource.urn, resource.capability, line) for resource in side.resources for line in resource.lines]


def _kind(line: CostLine) -> _Kind:
    return line.sku, line.region, line.unit, line.what


def _is_notable(amount: Range) -> bool:
    return max(abs(amount.low), abs(amount.expected), abs(amount.high)) >= _LEAST


def _moved(delta: CostDelta, moves: Mapping[str, Range]) -> dict[str, CostChange]:
    changes = dict(delta.by_capability)
    for capability, amount in moves.items():
        known = changes.get(capability, CostChange(ZERO, ZERO))
        changes[capability] = replace(known, after=known.after + amount)
    return {
        title: change
        for title, change in sorted(changes.items())
        if change.unknown or _is_notable(change.after - change.before)
    }
