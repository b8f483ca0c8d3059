"""One price as a list states it."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.plan.cost.charge import Unit


@dataclass(frozen=True, slots=True)
class Quote:
    """So much for one unit in one region."""

    sku: str
    """Name of the price here."""

    unit: Unit
    """What it is for."""

    region: str
    """Whose."""

    usd: float
    """US dollars."""

    source: str
    """The page that shows the same price to people."""
