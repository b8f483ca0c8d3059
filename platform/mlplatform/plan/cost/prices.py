"""Prices as data: the price of one unit by name and region, with its date and the vendor's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from mlplatform.catalog.catalog import Catalog
from mlplatform.catalog.machine import GpuMachine, Machine
from mlplatform.plan.cost.charge import Unit
from mlplatform.plan.cost.notes import NotPriced, StandIn, TypeNote

EVERYWHERE = "*"
"""Region of a price that is the same in every region."""
MACHINE = "machine/"
"""Prefix for prices of machines on demand."""
SPOT = "spot/"
"""Prefix for spot prices of machines."""


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one unit in one region."""

    usd: float
    """US dollars."""

    unit: Unit
    """Unit that it is for."""

    region: str
    """Region of the price."""

    source: str
    """The vendor's page."""

    as_of: date
    """Date on which the price was valid."""

    derived: bool = False
    """True if derived from the on-demand price because no spot price is known."""

    instead_of: StandIn | None = None
    """The stand-in that this price comes from, where the region itself has none."""


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of one cloud."""

    cloud: str
    """The cloud's name."""

    entries: Mapping[str, Mapping[str, Price]] = field(default_factory=dict[str, Mapping[str, Price]])
    """Prices by name and region."""

    free: tuple[TypeNote, ...] = ()
    """Types that are free."""

    left_out: tuple[TypeNote, ...] = ()
    """Types that are not free and not in the estimate."""

    not_priced: tuple[NotPriced, ...] = ()
    """SKUs without a published or readable price."""

    stand_ins: tuple[StandIn, ...] = ()
    """Regions whose prices stand in for another's; the first match counts."""

    spot_discount_percent: float = 0.0
    """The least spot discount that the vendor promises; used where no spot price is known."""

    def over(self, base: Prices) -> Prices:
        """These prices, and those of `base` where these have none."""
        entries = dict(base.entries)
        for sku, regions in self.entries.items():
            entries[sku] = {**entries.get(sku, {}), **regions}
        return Prices(
            base.cloud,
            entries,
            (*self.free, *base.free),
            (*self.left_out, *base.left_out),
            (*self.not_priced, *base.not_priced),
            (*self.stand_ins, *base.stand_ins),
            self.spot_discount_percent or base.spot_discount_percent,
        )

    def find(self, sku: str, region: str) -> Price | None:
        """The price in a region, the one for all regions, or that of the stand-in region.

        None where none is known. A missing spot price is the on-demand price less the discount promised by the vendor.
        """
        regions = self.entries.get(sku, {})
        if price := regions.get(region) or regions.get(EVERYWHERE):
            return price
        if (stand_in := self.stand_in(sku, region)) and (price := regions.get(stand_in.of)):
            return replace(price, instead_of=stand_in)
        full = self.find(MACHINE + sku.removeprefix(SPOT), region) if sku.startswith(SPOT) else None
        return replace(full, usd=full.usd * (1 - self.spot_discount_percent / 100), derived=True) if full else None

    def missing(self, sku: str, region: str) -> str:
        """The reason why there is no price, or the nearest region that has one."""
        if note := self.not_priced_note(sku, region):
            return f"no price for {sku} in {region or 'an unknown region'}: {note.reason}"
        if not (near := self.near(sku, region)):
            return f"no price for {sku}"
        return f"no price for {sku} in {region or 'an unknown region'}; the nearest region with one is {near}"

    def near(self, sku: str, region: str) -> str:
        """The nearest region with a price that this one lacks; empty for none, or where a reason is known."""
        if self.not_priced_note(sku, region):
            return ""
        regions = self.entries.get(sku) or self.entries.get(MACHINE + sku.removeprefix(SPOT))
        return nearest_region(region, regions) if regions else ""

    def stand_in(self, sku: str, region: str) -> StandIn | None:
        """The region whose price of this name stands in for that of another."""
        return next((entry for entry in self.stand_ins if entry.region == region and entry.covers(sku)), None)

    def not_priced_note(self, sku: str, region: str) -> NotPriced | None:
        """The note why a name has no price in a region."""
        return next((note for note in self.not_priced if note.covers(sku, region)), None)

    def free_note(self, token: str, day: date | None = None) -> TypeNote | None:
        """The note why a type is free; on a day, because some end."""
        return next((note for note in self.free if note.covers(token) and note.is_valid(day)), None)

    def left_out_note(self, token: str) -> TypeNote | None:
        """The note why a type is not in the estimate."""
        return next((note for note in self.left_out if note.covers(token)), None)


def nearest_region(region: str, regions: Mapping[str, Price]) -> str:
    """The region with the longest common prefix: the same part of the world."""

    def alike(name: str) -> int:
        pairs = zip(name, region, strict=False)
        return next((index for index, (left, right) in enumerate(pairs) if left != right), min(len(name), len(region)))

    return min(regions, key=lambda name: (-alike(name), name))


def machine_name(catalog: Catalog, machine: Machine) -> str:
    """The name of a machine's price: its type, with the accelerator where one type has several."""
    same = [other for other in catalog.machines if other.machine_type == machine.machine_type]
    if isinstance(machine, GpuMachine) and len(same) > 1:
        return f"{machine.machine_type}+{machine.accelerator}"
    return machine.machine_type
