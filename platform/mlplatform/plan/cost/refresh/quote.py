"""One price of a public list."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.plan.cost.charge import Unit


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of one unit in one region."""

    sku: str
    """Name of the price in price files."""

    unit: Unit
    """Unit that it is for."""

    region: str
    """Region of the price."""

    usd: float
    """US dollars."""

    source: str
    """The vendor's page with the same price for people."""
