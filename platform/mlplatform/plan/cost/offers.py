"""Machines of every cloud, with where they are sold and for how much."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Literal

from mlplatform import discovery
from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.catalog import Catalog
from mlplatform.catalog.machine import CpuMachine, CpuUse, GpuMachine, Quota
from mlplatform.fast.record import record
from mlplatform.plan.cost.price_file import packaged_prices
from mlplatform.plan.cost.prices import MACHINE, SERVING, SPOT, Price, Prices, machine_name

Way = Literal["on-demand", "spot", "capacity-block", "endpoint"]
"""A kind of capacity that has a price of its own; `endpoint` where a serving service sells the machine dearer."""

Place = Literal["system", "pools", "endpoints"]
"""What a machine can be in a spec: nodes of the system pool, nodes of other pools, the machine of an endpoint."""

_PREFIXES: Mapping[Way, str] = MappingProxyType(
    {"on-demand": MACHINE, "spot": SPOT, "capacity-block": "block/", "endpoint": SERVING}
)


@record(kw_only=True)
class OfferPrice:
    """The price of one machine for an hour."""

    way: Way
    """Kind of capacity."""

    price: Price
    """The price: in the region that was asked for, or else in the cheapest one."""


@record(kw_only=True)
class MachineOffer:
    """One machine, as one cloud sells it."""

    cloud: str
    """Name of the cloud."""

    title: str
    """The cloud's name for people."""

    machine: GpuMachine | CpuMachine
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
        if isinstance(machine, CpuMachine) or "training" in machine.uses:
            return machine.machine_type  # several sizes of a service share one serving name
        return machine.serving_name or machine.machine_type

    @property
    def used_for(self) -> tuple[Place, ...]:
        """What it can be in a spec."""
        uses: frozenset[str] = frozenset(self.machine.uses)
        places: Mapping[Place, bool] = {
            "system": "system" in uses,
            "pools": "training" in uses,
            "endpoints": bool(self.machine.serving),
        }
        return tuple(place for place, held in places.items() if held)

    @property
    def usd(self) -> float:
        """The on-demand price of an hour, or the least of the others; infinite where there is none."""
        return min((each.price.usd for each in self.prices if each.way == "on-demand"), default=self._other)

    @property
    def _other(self) -> float:
        return min((each.price.usd for each in self.prices), default=float("inf"))


def machine_offers(
    clouds: Sequence[str], wishes: Collection[Accelerator] = (), region: str = ""
) -> tuple[MachineOffer, ...]:
    """The machines with accelerators of some clouds, by accelerator and then by price.

    Args:
        clouds: names of clouds.
        wishes: only machines with one of these accelerators, in its count. Omitted: all.
        region: only machines that the region has, or may have. Omitted: all regions, and the price of the cheapest.
    """
    found = [
        (machine.accelerator, _offer(cloud, machine, region))
        for cloud in clouds
        for machine in discovery.backend(cloud).catalog.machines
        if (not wishes or machine.accelerator in wishes) and (not region or machine.offered.in_region(region) != "no")
    ]
    found.sort(key=lambda pair: (pair[0], pair[1].usd, pair[1].machine.machine_type))
    return tuple(offer for _, offer in found)


def cpu_offers(
    clouds: Sequence[str], vcpus: float = 0, memory_gib: float = 0, region: str = ""
) -> tuple[MachineOffer, ...]:
    """The machines without accelerator of some clouds, by price.

    Args:
        clouds: names of clouds.
        vcpus: least vCPUs.
        memory_gib: least memory, GiB.
        region: only machines that the region has, or may have. Omitted: all regions, and the price of the cheapest.
    """
    found = (
        _offer(cloud, machine, region)
        for cloud in clouds
        for machine in discovery.backend(cloud).catalog.cpu_machines
        if machine.vcpus >= vcpus and machine.memory_gib >= memory_gib
        if not region or any(machine.offered_for(use).in_region(region) != "no" for use in machine.uses)
    )
    return tuple(sorted(found, key=lambda offer: (offer.usd, offer.cloud, offer.machine.machine_type)))


def named_offers(clouds: Sequence[str], machine_type: str, region: str = "") -> tuple[MachineOffer, ...]:
    """The offers of one machine type, as nodes and as an endpoint.

    Args:
        clouds: names of clouds.
        machine_type: its name, or the serving service's name for it.
        region: as in `machine_offers`.
    """
    return tuple(
        offer
        for offer in (*machine_offers(clouds, (), region), *cpu_offers(clouds, region=region))
        if machine_type in (offer.machine.machine_type, offer.machine.serving_name, offer.name)
    )


@record(kw_only=True)
class Taken:
    """The machine without accelerator that a spec gets for a size, on one cloud."""

    title: str
    """The cloud's name for people."""

    cloud: str
    """Name of the cloud."""

    place: Literal["pool", "endpoint", "endpoint that scales to zero"]
    """What asks for it in a spec."""

    machine: CpuMachine
    """The machine."""


_PLACES: Mapping[CpuUse, Literal["pool", "endpoint", "endpoint that scales to zero"]] = MappingProxyType(
    {"training": "pool", "online": "endpoint", "zero": "endpoint that scales to zero"}
)


def chosen_for(clouds: Sequence[str], vcpus: float, memory_gib: float, region: str = "") -> tuple[Taken, ...]:
    """The machine that a pool and an endpoint get for a size, on each cloud that has one.

    Args:
        clouds: names of clouds.
        vcpus: least vCPUs.
        memory_gib: least memory, GiB.
        region: where. Omitted: the region whose prices the catalogue has.
    """
    found: list[Taken] = []
    for cloud in clouds:
        catalog = discovery.backend(cloud).catalog
        for use, place in _PLACES.items():
            machine = catalog.cpu(vcpus, memory_gib, use, region or catalog.price_region)
            if isinstance(machine, CpuMachine):
                found.append(Taken(title=catalog.title, cloud=cloud, place=place, machine=machine))
    return tuple(found)


def cheapest(offers: Sequence[MachineOffer]) -> tuple[tuple[MachineOffer, OfferPrice], ...]:
    """For each cloud and kind of capacity, the offer with the least price, the cheapest kind of a cloud first.

    What only serves counts as an endpoint's price: no pool can have it.
    """
    best: dict[tuple[str, Way], tuple[MachineOffer, OfferPrice]] = {}
    for offer in offers:
        for each in offer.prices:
            way: Way = each.way if "pools" in offer.used_for else "endpoint"
            key = (offer.cloud, way)
            if key not in best or each.price.usd < best[key][1].price.usd:
                best[key] = (offer, replace(each, way=way))
    return tuple(sorted(best.values(), key=lambda pair: (pair[0].cloud, pair[1].price.usd)))


def _offer(cloud: str, machine: GpuMachine | CpuMachine, region: str) -> MachineOffer:
    catalog = discovery.backend(cloud).catalog
    zones = machine.offered.zones_in(region) if region else tuple(sorted(machine.offered.zones))
    held = _capacities(machine) | frozenset[str](machine.uses)
    return MachineOffer(
        cloud=cloud,
        title=catalog.title,
        machine=machine,
        regions=_regions(catalog, machine),
        zones=zones,
        prices=tuple(_prices(packaged_prices(cloud), machine_name(catalog, machine), machine, region)),
        quotas=tuple((way, machine.quotas_for(way)) for way, _ in machine.quotas if way in held),
    )


def _capacities(machine: GpuMachine | CpuMachine) -> frozenset[str]:
    """Kinds of capacity in which it is sold; pools without accelerators have two."""
    if isinstance(machine, GpuMachine):
        return frozenset(machine.capacities)
    return frozenset(("on-demand", "spot")) if "training" in machine.uses else frozenset(("on-demand",))


def _regions(catalog: Catalog, machine: GpuMachine | CpuMachine) -> tuple[str, ...] | None:
    known = sorted(name for name in catalog.regions if machine.offered.in_region(name) == "yes")
    return tuple(known) if known or machine.offered.regions is not None else None


def _prices(prices: Prices, name: str, machine: GpuMachine | CpuMachine, region: str) -> Iterator[OfferPrice]:
    held = _capacities(machine) | (frozenset(("endpoint",)) if machine.serving else frozenset[str]())
    for way, prefix in _PREFIXES.items():
        if way not in held:
            continue
        if region:
            price = prices.find(prefix + name, region)
        else:
            own = prices.entries.get(prefix + name, {}).values()
            price = min(own, key=lambda each: (each.usd, each.region), default=None)
        if price:
            yield OfferPrice(way=way, price=price)
