"""Prices as data: the price of one unit by name and region, with its date and the vendor's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from mlplatform.catalog.catalog import Catalog
from mlplatform.catalog.geography import continent_of, nearest_region
from mlplatform.catalog.machine import GpuMachine, Machine
from mlplatform.plan.cost.charge import Unit
from mlplatform.plan.cost.notes import Beside, NotPriced, StandIn, TypeNote

EVERYWHERE = "*"
"""Region of a price that is the same in every region."""
MACHINE = "machine/"
"""Prefix for prices of machines on demand."""
SPOT = "spot/"
"""Prefix for spot prices of machines."""
SERVING = "serving/ml."
"""Prefix for prices of machines as endpoints, where the cloud sells them apart and dearer."""
_HARDWARE = (MACHINE, SPOT, SERVING, "block/", "run/gpu/", "vertex/", "apps/gpu/", "redis/")
"""Prefixes of prices that differ much between continents; the others, such as storage, differ by a fifth or so."""


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

    rough: str = ""
    """Why the price file itself calls it an estimate; empty for a price of the very thing."""

    @property
    def estimate(self) -> str:
        """Why it is an estimate; empty where it is the price of the very thing in the very region."""
        spot = "the on-demand price as an upper bound of spot" if self.derived else ""
        elsewhere = f"the price of {self.region}: {self.instead_of.reason}" if self.instead_of else ""
        return "; ".join(filter(None, (self.rough, spot, elsewhere)))


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

    beside: tuple[Beside, ...] = ()
    """What is billed beside the resources and is not in the estimate."""

    not_priced: tuple[NotPriced, ...] = ()
    """SKUs without a published or readable price."""

    stand_ins: tuple[StandIn, ...] = ()
    """Regions whose prices stand in for another's; the first match counts."""

    spot_discount_percent: float = 0.0
    """The least spot discount that the vendor promises; used where no spot price is known."""

    exact: bool = False
    """Whether only the price of the very thing in the very region counts: nothing stands in."""

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
            (*self.beside, *base.beside),
            (*self.not_priced, *base.not_priced),
            (*self.stand_ins, *base.stand_ins),
            self.spot_discount_percent or base.spot_discount_percent,
            self.exact or base.exact,
        )

    def own(self, sku: str, region: str) -> Price | None:
        """The price in a region, or the one for all regions; None where nothing but an estimate is known."""
        regions = self.entries.get(sku, {})
        return regions.get(region) or regions.get(EVERYWHERE)

    def find(self, sku: str, region: str) -> Price | None:
        """The price in a region, or the one for all regions; else one that stands in, unless `exact`.

        The region that stands in is the one that the price file names, else the nearest of the same continent, and for
        what is no hardware then the nearest of the same partition. A missing spot price is the on-demand price less the
        discount promised by the vendor, which is never too low. A missing price of an endpoint's machine is that of the
        nearest region, scaled by the machine's own prices. None where nothing is known or stands in.
        """
        if price := self.own(sku, region):
            return price
        if self.exact:
            return None
        regions = self.entries.get(sku, {})
        if (stand_in := self.stand_in(sku, region)) and (price := regions.get(stand_in.of)):
            return replace(price, instead_of=stand_in)
        spot = sku.startswith(SPOT)
        if spot and (full := self._on_demand(sku, region)) and not full.instead_of:
            return full
        if scaled := self._scaled(sku, region):
            return scaled
        if near := self.near(sku, region):
            reason = "the nearest region of the same continent with a price"
            if continent_of(self.cloud, near) != continent_of(self.cloud, region):
                reason = "the nearest region with a price"
            return replace(regions[near], instead_of=StandIn((sku,), region, near, reason))
        return self._on_demand(sku, region) if spot else None

    def _on_demand(self, sku: str, region: str) -> Price | None:
        """The on-demand price of a machine as its spot price."""
        full = self.find(MACHINE + sku.removeprefix(SPOT), region)
        return replace(full, usd=full.usd * (1 - self.spot_discount_percent / 100), derived=True) if full else None

    def _scaled(self, sku: str, region: str) -> Price | None:
        """The price of an endpoint's machine in the nearest region, scaled by what the machine itself costs in both."""
        machine = MACHINE + sku.removeprefix(SERVING)
        here = self.own(machine, region) if sku.startswith(SERVING) else None
        near = self.near(sku, region, far=True) if here else ""
        there = self.own(machine, near) if near else None
        if here is None or there is None:
            return None
        price = self.entries[sku][near]
        told = StandIn((sku,), region, near, "the nearest region with a price, scaled as the machine itself costs here")
        return replace(price, usd=price.usd * here.usd / there.usd, as_of=min(price.as_of, here.as_of), instead_of=told)

    def missing(self, sku: str, region: str) -> str:
        """The reason why there is no price, with the nearest region that has one where none may stand in."""
        if note := self.not_priced_note(sku, region):
            return f"no price for {sku} in {region or 'an unknown region'}: {note.reason}"
        if not (near := self.near(sku, region, far=True)):
            return f"no price for {sku} in {region}" if region else f"no price for {sku}"
        return f"no price for {sku} in {region or 'an unknown region'}; the nearest region with one is {near}"

    def near(self, sku: str, region: str, *, far: bool = False) -> str:
        """The nearest region whose price may stand in; empty for none.

        Args:
            sku: name of the price.
            region: the region without it.
            far: whether hardware counts on other continents, too.
        """
        regions = self.entries.get(sku)
        if not regions:
            return ""
        here_only = sku.startswith(_HARDWARE) and not far
        return nearest_region(self.cloud, region, regions, same_continent=here_only)

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


def machine_name(catalog: Catalog, machine: Machine) -> str:
    """The name of a machine's price: its type, with the accelerator where one type has several."""
    same = [other for other in catalog.machines if other.machine_type == machine.machine_type]
    if isinstance(machine, GpuMachine) and len(same) > 1:
        return f"{machine.machine_type}+{machine.accelerator}"
    return machine.machine_type
