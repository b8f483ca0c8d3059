"""Estimates of several targets side by side: what the same platform costs in each region or cloud, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlplatform.plan.cost.amount import ZERO, Range
from mlplatform.plan.cost.model import CostLine, Estimate, Marks

_SAME = 0.005
"""Prices that differ by less than this part count as equal."""


@dataclass(frozen=True, slots=True)
class ComparedAmount:
    """The cost of one capability on each target."""

    title: str
    """Title of the capability."""

    amounts: tuple[tuple[Range, Marks] | None, ...]
    """Monthly cost and its marks by target, in order; None where nothing of it has a price there."""

    missing: tuple[bool, ...]
    """Whether something of it has no price, by target."""


@dataclass(frozen=True, slots=True)
class ComparedPrice:
    """One price on each target."""

    sku: str
    """Its name in the price file."""

    unit: str
    """What it is for, for example `hour`."""

    prices: tuple[CostLine | None, ...]
    """A charge with it by target, in order; None where the target has none."""

    missing: tuple[bool, ...]
    """Whether the target needs it and the region has no price, by target."""

    effect: float
    """US dollars a month, expected, between the dearest and the cheapest for what the targets use of it at most."""

    @property
    def stands_in(self) -> tuple[bool, ...]:
        """Whether the price is another region's, by target."""
        return tuple(line is not None and bool(line.estimate) for line in self.prices)


@dataclass(frozen=True, slots=True)
class CostComparison:
    """Several targets side by side."""

    targets: tuple[str, ...]
    """Their names."""

    regions: tuple[str, ...]
    """Their regions, in the same order."""

    capabilities: tuple[ComparedAmount, ...]
    """By capability."""

    totals: tuple[tuple[Range, Marks], ...]
    """Total of what has a price, by target."""

    whole: tuple[bool, ...]
    """Whether the total is everything: no price is missing that could change it, by target."""

    prices: tuple[ComparedPrice, ...]
    """Prices that differ, stand in or are missing, the missing ones first, then those with the largest effect."""


def compare_targets(estimates: Sequence[Estimate]) -> CostComparison | None:
    """Estimates side by side; None where there are fewer than two."""
    if len(estimates) < 2:
        return None
    by_capability = [(estimate.by_capability, estimate.marks_by_capability) for estimate in estimates]
    without = {part.capability for estimate in estimates for part in estimate.missing if not part.minor}
    titles = sorted({title for costs, _ in by_capability for title in costs} | without)
    return CostComparison(
        targets=tuple(estimate.target for estimate in estimates),
        regions=tuple(estimate.region for estimate in estimates),
        capabilities=tuple(
            ComparedAmount(
                title,
                tuple((costs[title], marks[title]) if title in costs else None for costs, marks in by_capability),
                tuple(
                    any(part.capability == title and not part.minor for part in estimate.missing)
                    for estimate in estimates
                ),
            )
            for title in titles
        ),
        totals=tuple((estimate.total, estimate.marks) for estimate in estimates),
        whole=tuple(not estimate.undecided for estimate in estimates),
        prices=tuple(sorted(_prices(estimates), key=lambda price: (not any(price.missing), -price.effect, price.sku))),
    )


def _prices(estimates: Sequence[Estimate]) -> Iterator[ComparedPrice]:
    lines = [_lines(estimate) for estimate in estimates]
    lacking = [{part.sku: part.quantity for part in estimate.missing if part.sku} for estimate in estimates]
    for sku in {sku for each in (*lines, *lacking) for sku in each}:
        found = tuple(each[sku][0] if sku in each else None for each in lines)
        missing = tuple(sku in each and sku not in line for each, line in zip(lacking, lines, strict=True))
        known = [line for line in found if line is not None]
        if len(known) + sum(missing) < 2:
            continue
        usd = [line.price for line in known]
        differ = bool(usd) and max(usd) - min(usd) > _SAME * max(usd)
        if not (differ or any(missing)):
            continue
        most = max((each[sku][1].expected for each in lines if sku in each), default=0.0)
        effect = (max(usd) - min(usd)) * most if usd else 0.0
        yield ComparedPrice(sku, known[0].unit if known else "", found, missing, effect)


def _lines(estimate: Estimate) -> dict[str, tuple[CostLine, Range]]:
    """A charge with each price, and all units of it together."""
    found: dict[str, tuple[CostLine, Range]] = {}
    for resource in estimate.resources:
        for line in resource.lines:
            first, total = found.get(line.sku, (line, ZERO))
            found[line.sku] = (first, total + line.quantity)
    return found
