"""What makes the range between idle and at most: often one pool of large machines."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.model import HOURS, CostLine, Estimate

MOST = 3
"""Drivers that are named."""
LEAST_SHARE = 0.05
"""Of the range: what adds less is not named."""


@dataclass(frozen=True, slots=True)
class RangeDriver:
    """One thing whose amount differs between idle and at most."""

    component: str
    """Logical name of its outermost component; empty where it belongs to none."""

    what: str
    """For people: `p5.48xlarge, on-demand`."""

    unit: str
    """What one price is for; where it is an hour, `count` is how many run at once."""

    count: Range
    """How many, or units of a month."""

    price: float
    """US dollars per unit."""

    share: float
    """Of the whole range, 0 to 1."""


def range_drivers(estimate: Estimate) -> tuple[RangeDriver, ...]:
    """The largest, largest first; none where the estimate has no range."""
    whole = estimate.total.high - estimate.total.low
    if whole <= 0:
        return ()
    found: dict[tuple[str, str, str, float], Range] = {}
    for resource in estimate.resources:
        for line in resource.lines:
            key = (resource.component, line.what, line.unit, line.price)
            found[key] = found[key] + _count(line) if key in found else _count(line)
    named = (
        RangeDriver(component, what, unit, count, price, (count.high - count.low) * price * _hours(unit) / whole)
        for (component, what, unit, price), count in found.items()
    )
    largest = sorted(named, key=lambda driver: (-driver.share, driver.component, driver.what))
    return tuple(driver for driver in largest[:MOST] if driver.share >= LEAST_SHARE)


def _count(line: CostLine) -> Range:
    return line.quantity * (1 / _hours(line.unit))


def _hours(unit: str) -> float:
    return HOURS if unit == "hour" else 1
