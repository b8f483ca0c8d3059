"""Which offers are shown where there are many: the cheapest of each cloud."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mlplatform.catalog.machine import GpuMachine
from mlplatform.plan.cost.offers import MachineOffer, cheapest


def kind_of(offer: MachineOffer) -> tuple[str, str]:
    """What an offer is compared with: others of its cloud with the same accelerators, or without any."""
    machine = offer.machine
    return offer.title, str(machine.accelerator) if isinstance(machine, GpuMachine) else ""


def cheapest_offers(offers: Sequence[MachineOffer], most: int) -> tuple[MachineOffer, ...]:
    """At most so many of each kind, the first ones, and those that are the cheapest in any kind of capacity.

    Args:
        offers: by price.
        most: offers of a kind.
    """
    best = {id(offer) for offer, _ in cheapest(offers)}
    seen: Counter[tuple[str, str]] = Counter()
    found: list[MachineOffer] = []
    for offer in offers:
        seen[kind_of(offer)] += 1
        if seen[kind_of(offer)] <= most or id(offer) in best:
            found.append(offer)
    return tuple(found)
