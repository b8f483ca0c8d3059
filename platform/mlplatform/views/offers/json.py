"""Offers of machines as data."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.catalog.accelerator import models
from mlplatform.catalog.machine import GpuMachine
from mlplatform.plan.cost.offers import MachineOffer, OfferPrice, Taken, cheapest


def body(offers: Sequence[MachineOffer]) -> dict[str, object]:
    """The offers, in their order, and the cheapest of each cloud; a fact that is not known is null."""
    return {
        "currency": "USD",
        "cheapest": [
            {"cloud": offer.cloud, "machine_type": offer.name, **_price(each)} for offer, each in cheapest(offers)
        ],
        "offers": [_offer(offer) for offer in offers],
    }


def _offer(offer: MachineOffer) -> dict[str, object]:
    machine = offer.machine
    return {
        **(_devices(machine) if isinstance(machine, GpuMachine) else {}),
        "cloud": offer.cloud,
        "machine_type": offer.name,
        "used_for": list(offer.used_for),
        "vcpus": machine.vcpus,
        "memory_gib": machine.memory_gib,
        "arch": machine.arch,
        **(_cluster(machine) if isinstance(machine, GpuMachine) else {}),
        "uses": sorted(machine.uses),
        "regions": list(offer.regions) if offer.regions is not None else None,
        "zones": list(offer.zones),
        "regions_source": machine.offered.source or None,
        "hourly": [_price(each) for each in offer.prices],
        "quotas": {
            way: [{"name": quota.name, "code": quota.code, "unit": quota.unit} for quota in quotas]
            for way, quotas in offer.quotas
        },
        "note": machine.note or None,
    }


def _devices(machine: GpuMachine) -> dict[str, object]:
    return {
        "accelerator": str(machine.accelerator),
        "vendor": models()[machine.accelerator.name].vendor,
        "device_memory_gib": machine.gpu_memory_gib,
    }


def _cluster(machine: GpuMachine) -> dict[str, object]:
    fabric = machine.fabric
    return {
        "local_disk_gib": machine.local_ssd_gib,
        "fabric": {"kind": fabric.kind, "interfaces": fabric.interfaces, "gbps": fabric.gbps} if fabric else None,
        "capacities": sorted(machine.capacities),
    }


def taken_body(taken: Sequence[Taken]) -> list[dict[str, object]]:
    """Which machine a spec gets for a size, on each cloud."""
    return [
        {
            "cloud": each.cloud,
            "for": each.place,
            "machine_type": each.machine.machine_type,
            "vcpus": each.machine.vcpus,
            "memory_gib": each.machine.memory_gib,
        }
        for each in taken
    ]


def _price(each: OfferPrice) -> dict[str, object]:
    price = each.price
    return {
        "capacity": each.way,
        "usd": price.usd,
        "region": price.region,
        "as_of": price.as_of.isoformat(),
        "source": price.source,
        "estimate": price.estimate or None,
    }
