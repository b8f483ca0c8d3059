"""Prices as data: what one unit costs where, since when that is known, and which page says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from mlplatform.catalog.catalog import Catalog
from mlplatform.catalog.machine import GpuMachine, Machine
from mlplatform.plan.cost.charge import Unit
from mlplatform.plan.cost.notes import NotPriced, StandIn, TypeNote

EVERYWHERE = "*"
"""Region of a price that holds in every region."""
MACHINE = "machine/"
"""Prefix of the names of machines' prices on demand."""
SPOT = "spot/"
"""Prefix of the names of machines' prices as spot."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs in one region."""

    usd: float
    """US dollars."""

    unit: Unit
    """What it is for."""

    region: str
    """Whose price it is."""

    source: str
    """The vendor's page."""

    as_of: date
    """Day on which it was known to hold."""

    derived: bool = False
    """Whether it stands for the price of spot, which is not known."""

    instead_of: StandIn | None = None
    """Whose place it takes, where the region asked for has none."""


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of one cloud."""

    cloud: str
    """Whose."""

    entries: Mapping[str, Mapping[str, Price]] = field(default_factory=dict[str, Mapping[str, Price]])
    """By name and region."""

    free: tuple[TypeNote, ...] = ()
    """Types that cost nothing themselves."""

    left_out: tuple[TypeNote, ...] = ()
    """Types that cost something this estimate does not price."""

    not_priced: tuple[NotPriced, ...] = ()
    """Names whose price nobody publishes, or could be read by nobody."""

    stand_ins: tuple[StandIn, ...] = ()
    """Regions whose prices are taken for another's, first match first."""

    spot_discount_percent: float = 0.0
    """The least the vendor promises spot to be cheaper, where no price of a machine as spot is known."""

    def over(self, base: Prices) -> Prices:
        """These prices, and those of `base` where these say nothing."""
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
        """The price in a region, the one that holds everywhere, or that of the region which stands in.

        None where none is known. Spot without a price is the price on demand less what the vendor promises at least.
        """
        regions = self.entries.get(sku, {})
        if found := regions.get(region) or regions.get(EVERYWHERE):
            return found
        if (other := self.stand_in(sku, region)) and (found := regions.get(other.of)):
            return replace(found, instead_of=other)
        full = self.find(MACHINE + sku.removeprefix(SPOT), region) if sku.startswith(SPOT) else None
        return replace(full, usd=full.usd * (1 - self.spot_discount_percent / 100), derived=True) if full else None

    def missing(self, sku: str, region: str) -> str:
        """Why there is no price, or the nearest region that has one."""
        if told := self.not_priced_note(sku, region):
            return f"no price of {sku} in {region or 'an unknown region'}: {told.reason}"
        if not (near := self.near(sku, region)):
            return f"no price of {sku} is known"
        return f"no price of {sku} in {region or 'an unknown region'}; the nearest priced is {near}"

    def near(self, sku: str, region: str) -> str:
        """The nearest region that has a price which this one lacks; empty where none has, or it is told why."""
        if self.not_priced_note(sku, region):
            return ""
        regions = self.entries.get(sku) or self.entries.get(MACHINE + sku.removeprefix(SPOT))
        return nearest_region(region, regions) if regions else ""

    def stand_in(self, sku: str, region: str) -> StandIn | None:
        """The region whose price of this name is taken for that of another."""
        return next((told for told in self.stand_ins if told.region == region and told.names(sku)), None)

    def not_priced_note(self, sku: str, region: str) -> NotPriced | None:
        """Why a name has no price in a region."""
        return next((told for told in self.not_priced if told.names(sku, region)), None)

    def free_note(self, token: str, day: date | None = None) -> TypeNote | None:
        """Why a type costs nothing itself, on a day where that ends."""
        return next((told for told in self.free if told.names(token) and told.holds(day)), None)

    def left_out_note(self, token: str) -> TypeNote | None:
        """Why a type is not priced."""
        return next((told for told in self.left_out if told.names(token)), None)


def nearest_region(region: str, regions: Mapping[str, Price]) -> str:
    """The region whose name begins most alike, which is the same part of the world."""

    def alike(name: str) -> int:
        pairs = zip(name, region, strict=False)
        return next((index for index, (one, two) in enumerate(pairs) if one != two), min(len(name), len(region)))

    return min(regions, key=lambda name: (-alike(name), name))


def machine_name(catalog: Catalog, machine: Machine) -> str:
    """What a machine's price is called: its type, with the accelerator where one type comes with several."""
    same = [other for other in catalog.machines if other.machine_type == machine.machine_type]
    if isinstance(machine, GpuMachine) and len(same) > 1:
        return f"{machine.machine_type}+{machine.accelerator}"
    return machine.machine_type
