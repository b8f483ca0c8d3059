"""The causes of the range between idle and at most: often one pool of large machines."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.model import HOURS, CostLine, Estimate

MOST = 3
"""Number of drivers that are reported."""
LEAST_SHARE = 0.05
"""Share of the range below which a driver is not reported."""


@dataclass(frozen=True, slots=True)
class RangeDriver:
    """One cost whose amount differs between idle and at most."""

    component: str
    """Logical name of its outermost component; empty for none."""

    what: str
    """For people: `p5.48xlarge, on-demand`."""

    unit: str
    """Unit of the price; for `hour`, `count` is the number that run at once."""

    count: Range
    """Number that run at once, or units per month."""

    price: float
    """US dollars per unit."""

    share: float
    """Share of the whole range, 0 to 1."""


def range_drivers(estimate: Estimate) -> tuple[RangeDriver, ...]:
    """The largest drivers, largest first; none where the estimate has no range."""
    whole = estimate.total.high - estimate.total.low
    if whole <= 0:
        return ()
    counts: dict[tuple[str, str, str, float], Range] = {}
    for resource in estimate.resources:
        for line in resource.lines:
            key = (resource.component, line.what, line.unit, line.price)
            counts[key] = counts[key] + _count(line) if key in counts else _count(line)
    named = (
        RangeDriver(component, what, unit, count, price, (count.high - count.low) * price * _hours(unit) / whole)
        for (component, what, unit, price), count in counts.items()
    )
    largest = sorted(named, key=lambda driver: (-driver.share, driver.component, driver.what))
    return tuple(driver for driver in largest[:MOST] if driver.share >= LEAST_SHARE)


def _count(line: CostLine) -> Range:
    return line.quantity * (1 / _hours(line.unit))


def _hours(unit: str) -> float:
    return HOURS if unit == "hour" else 1
