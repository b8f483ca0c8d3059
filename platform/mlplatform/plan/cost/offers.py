"""Machines with accelerators on every cloud, with where they are sold and for how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from mlplatform import discovery
from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.catalog import Catalog
from mlplatform.catalog.machine import GpuMachine, Quota
from mlplatform.fast.record import record
from mlplatform.plan.cost.price_file import packaged_prices
from mlplatform.plan.cost.prices import MACHINE, SPOT, Price, Prices, machine_name

Way = Literal["on-demand", "spot", "capacity-block"]
"""A kind of capacity that has a price of its own."""

_PREFIXES: Mapping[Way, str] = MappingProxyType({"on-demand": MACHINE, "spot": SPOT, "capacity-block": "block/"})


@record(kw_only=True)
class OfferPrice:
    """The price of one machine for an hour."""

    way: Way
    """Kind of capacity."""

    price: Price
    """The price: in the region that was asked for, or else in the cheapest one."""


@record(kw_only=True)
class MachineOffer:
    """One machine with accelerators, as one cloud sells it."""

    cloud: str
    """Name of the cloud."""

    title: str
    """The cloud's name for people."""

    machine: GpuMachine
    """The machine."""

    regions: tuple[str, ...] | None
    """Regions that have it, sorted; None where the vendor publishes no list."""

    zones: tuple[str, ...]
    """Its zones as far as they are known, sorted; in the region that was asked for alone."""

    prices: tuple[OfferPrice, ...]
    """A price for each kind of capacity that has one."""

    quotas: tuple[tuple[str, tuple[Quota, ...]], ...]
    """Quotas that it counts against, by kind of capacity, and by use as an endpoint."""

    @property
    def name(self) -> str:
        """The machine type, as the service names it that sells it."""
        machine = self.machine
        return machine.machine_type if "training" in machine.uses else machine.serving_name or machine.machine_type

    @property
    def used_for(self) -> tuple[Literal["pools", "endpoints"], ...]:
        """What it can be in a spec: nodes of pools, the machine of an endpoint."""
        pools: tuple[Literal["pools"], ...] = ("pools",) if "training" in self.machine.uses else ()
        return (*pools, "endpoints") if self.machine.serving else pools

    @property
    def usd(self) -> float:
        """The on-demand price of an hour, or the least of the others; infinite where there is none."""
        return min((each.price.usd for each in self.prices if each.way == "on-demand"), default=self._other)

    @property
    def _other(self) -> float:
        return min((each.price.usd for each in self.prices), default=float("inf"))


def machine_offers(
    clouds: Sequence[str], wish: Accelerator | None = None, region: str = ""
) -> tuple[MachineOffer, ...]:
    """The machines of some clouds, by accelerator and then by price.

    Args:
        clouds: names of clouds.
        wish: only machines with this accelerator, in this count. Omitted: all.
        region: only machines that the region has, or may have. Omitted: all regions, and the price of the cheapest.
    """
    found = (
        _offer(cloud, machine, region)
        for cloud in clouds
        for machine in discovery.backend(cloud).catalog.machines
        if (wish is None or machine.accelerator == wish) and (not region or machine.offered.in_region(region) != "no")
    )
    return tuple(sorted(found, key=lambda offer: (offer.machine.accelerator, offer.usd, offer.machine.machine_type)))


def _offer(cloud: str, machine: GpuMachine, region: str) -> MachineOffer:
    catalog = discovery.backend(cloud).catalog
    regions = _regions(catalog, machine)
    zones = machine.offered.zones_in(region) if region else tuple(sorted(machine.offered.zones))
    return MachineOffer(
        cloud=cloud,
        title=catalog.title,
        machine=machine,
        regions=regions,
        zones=zones,
        prices=tuple(_prices(packaged_prices(cloud), machine_name(catalog, machine), machine, region)),
        quotas=tuple(
            (way, machine.quotas_for(way)) for way, _ in machine.quotas if way in machine.capacities | machine.uses
        ),
    )


def _regions(catalog: Catalog, machine: GpuMachine) -> tuple[str, ...] | None:
    known = sorted(name for name in catalog.regions if machine.offered.in_region(name) == "yes")
    return tuple(known) if known or machine.offered.regions is not None else None


def _prices(prices: Prices, name: str, machine: GpuMachine, region: str) -> Iterator[OfferPrice]:
    for way, prefix in _PREFIXES.items():
        if way not in machine.capacities:
            continue
        if region:
            price = prices.find(prefix + name, region)
        else:
            own = prices.entries.get(prefix + name, {}).values()
            price = min(own, key=lambda each: (each.usd, each.region), default=None)
        if price:
            yield OfferPrice(way=way, price=price)
