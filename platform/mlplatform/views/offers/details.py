"""Regions, prices with their sources, and quotas of machines; what several have alike is told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from mlplatform.catalog.machine import GpuMachine
from mlplatform.plan.cost.offers import MachineOffer, OfferPrice, Way
from mlplatform.plan.cost.prices import EVERYWHERE
from mlplatform.views.offers.shown import kind_of

WAYS: Mapping[Way, str] = {
    "on-demand": "on demand",
    "spot": "spot",
    "capacity-block": "block",
    "endpoint": "as an endpoint",
}
"""Kinds of capacity, in words."""


def detail_blocks(offers: Sequence[MachineOffer]) -> Iterator[tuple[str, Sequence[str]]]:
    """A heading and lines for the machines of each cloud with the same accelerators.

    Args:
        offers: the machines that are shown.
    """
    for kind in dict.fromkeys(map(kind_of, offers)):
        group = [offer for offer in offers if kind_of(offer) == kind]
        names = ", ".join(dict.fromkeys(offer.name for offer in group))
        yield f"{', '.join(filter(None, kind))}: {names}", tuple(_lines(group))


def price_place(each: OfferPrice) -> str:
    """Where a price holds."""
    return "every region" if each.price.region == EVERYWHERE else each.price.region


def _lines(group: Sequence[MachineOffer]) -> Iterator[str]:
    yield from _alike(group, _regions)
    yield from _alike(group, lambda offer: f"zones: {', '.join(offer.zones)}" if offer.zones else "")
    yield from _prices(group)
    yield from _quotas(group)
    yield from _alike(group, _disks)
    yield from _alike(group, lambda offer: offer.machine.note)


def _alike(group: Sequence[MachineOffer], tell: Callable[[MachineOffer], str | None]) -> Iterator[str]:
    """What is told of each machine, with the names of those that have it where not all do."""
    told: dict[str, list[str]] = {}
    for offer in group:
        if text := tell(offer):
            told.setdefault(text, []).append(offer.name)
    for text, names in told.items():
        yield text if len(names) == len(group) else f"{', '.join(names)}: {text}"


def _regions(offer: MachineOffer) -> str:
    if isinstance(offer.machine, GpuMachine) or offer.regions is not None:
        return f"regions ({len(offer.regions or ())}): {', '.join(offer.regions or ()) or 'none'}"
    return "regions: nearly all; the catalogue keeps no list of what is so common"


def _disks(offer: MachineOffer) -> str:
    local = offer.machine.local_ssd_gib if isinstance(offer.machine, GpuMachine) else 0
    return f"local disks: {local} GiB" if local else ""


def _prices(group: Sequence[MachineOffer]) -> Iterator[str]:
    """The prices of all machines by what they have in common: capacity, region, day and source."""
    told: dict[tuple[str, str], list[str]] = {}
    for way in WAYS:
        for offer in group:
            for each in (price for price in offer.prices if price.way == way):
                price = each.price
                about = f" ({price.estimate})" if price.estimate else ""
                source = f"USD an hour in {price_place(each)}, {price.as_of}{about}, {price.source}"
                name = f"{offer.name} " if len(group) > 1 else ""
                told.setdefault((WAYS[way], source), []).append(f"{name}{price.usd:.4g}")
    for (way, source), amounts in told.items():
        yield f"{way}: {', '.join(amounts)} {source}"


def _quotas(group: Sequence[MachineOffer]) -> Iterator[str]:
    """The quotas of all machines by kind of capacity; kinds with the same ones share a line."""
    names: dict[str, dict[str, None]] = {}
    for offer in group:
        for way, quotas in offer.quotas:
            for quota in quotas:
                text = f"{quota.name} ({quota.code})" if quota.code else quota.name
                names.setdefault(way, {})[text] = None
    ways: dict[str, list[str]] = {}
    for way, texts in names.items():
        ways.setdefault("; ".join(texts), []).append(way)
    for text, alike in ways.items():
        yield f"quota, {', '.join(alike)}: {text}"
