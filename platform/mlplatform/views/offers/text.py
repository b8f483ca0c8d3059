"""Offers of machines for people: a line of facts for each, and of one accelerator also where and under which quota."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform import discovery
from mlplatform.catalog.machine import GpuMachine
from mlplatform.plan.cost.offers import MachineOffer, OfferPrice, Taken, Way, cheapest
from mlplatform.plan.cost.prices import EVERYWHERE
from mlplatform.views.style import Style

_SHORT: dict[Way, str] = {
    "on-demand": "on demand",
    "spot": "spot",
    "capacity-block": "block",
    "endpoint": "as an endpoint",
}
_ACCELERATORS = ("accelerator", "cloud", "machine", "for", "vCPUs", "GiB", "fabric", "on demand", "spot", "block")
_MACHINES = ("machine", "cloud", "for", "vCPUs", "GiB", "CPU", "on demand", "spot", "endpoint")
_NUMBERS = ("vCPUs", "GiB", "on demand", "spot", "block", "endpoint")


def document(offers: Sequence[MachineOffer], style: Style, *, wanted: str, clouds: Sequence[str]) -> str:
    """The offers of machines with accelerators as text.

    Args:
        offers: in the order in which they are shown.
        style: of the screen.
        wanted: the accelerators that were asked for: regions, quotas and notes of each are shown, and the cheapest.
            Empty: all were.
        clouds: the clouds that were asked for.
    """
    lines = _table(offers, _ACCELERATORS, style, details=bool(wanted))
    if wanted:
        lines = [*_summary(offers, wanted, clouds, style), "", *lines]
    more = "" if wanted else " Name one accelerator for its regions, quotas and sources."
    lines += ["", *style.wrap(f"{_legend(offers)}; fabric in Gbit/s.{more}", "", "")]
    return style.plain("\n".join(line.rstrip() for line in lines)) + "\n"


def machines_document(offers: Sequence[MachineOffer], style: Style, *, taken: Sequence[Taken], details: bool) -> str:
    """The offers of machines without accelerator, or of one machine, as text.

    Args:
        offers: in the order in which they are shown.
        style: of the screen.
        taken: what a spec gets for the size that was asked for.
        details: whether to show regions, quotas and notes of each.
    """
    lines = _table(offers, _MACHINES, style, details=details)
    if taken:
        lines = [*_taken(taken, style), "", *lines]
    more = "" if details else " Name one machine for its regions, quotas and sources."
    lines += ["", *style.wrap(f"{_legend(offers)}.{more}", "", "")]
    return style.plain("\n".join(line.rstrip() for line in lines)) + "\n"


def _summary(offers: Sequence[MachineOffer], wanted: str, clouds: Sequence[str], style: Style) -> Iterator[str]:
    """Where it could run, and what the cheapest hour of each kind of capacity costs there."""
    yield style.paint(f"{wanted}, the cheapest hour on each cloud", "bold")
    for cloud in clouds:
        best = [(offer, each) for offer, each in cheapest(offers) if offer.cloud == cloud]
        ways = [f"{_SHORT[each.way]} {_usd(each)} ({offer.name}, {_where(each)})" for offer, each in best]
        none = "no price is known" if any(offer.cloud == cloud for offer in offers) else "sells none there"
        title = discovery.backend(cloud).catalog.title
        yield from style.wrap(f"{title}: {'; '.join(ways) or none}", "  ", "    ")


def _taken(taken: Sequence[Taken], style: Style) -> Iterator[str]:
    yield style.paint("What a spec gets for this size", "bold")
    for title in dict.fromkeys(each.title for each in taken):
        places = [f"{each.machine.machine_type} as a {each.place}" for each in taken if each.title == title]
        yield from style.wrap(f"{title}: {', '.join(places)}".replace("a endpoint", "an endpoint"), "  ", "    ")


def _table(offers: Sequence[MachineOffer], head: Sequence[str], style: Style, *, details: bool) -> list[str]:
    rows = [[_cell(offer, name) for name in head] for offer in offers]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(
            cell.rjust(width) if name in _NUMBERS else cell.ljust(width)
            for cell, width, name in zip(cells, widths, head, strict=True)
        ).rstrip()

    lines = [style.paint(line(head), "bold")]
    for offer, row in zip(offers, rows, strict=True):
        lines.append(line(row))
        if details:
            for text in _details(offer):
                lines += style.wrap(text, "    ", "      ")
    return lines


def _cell(offer: MachineOffer, column: str) -> str:
    machine = offer.machine
    fabric = machine.fabric if isinstance(machine, GpuMachine) else None
    prices = {each.way: _usd(each) for each in offer.prices}
    match column:
        case "accelerator":
            return str(machine.accelerator) if isinstance(machine, GpuMachine) else "-"
        case "cloud":
            return offer.title
        case "machine":
            return offer.name
        case "for":
            return ", ".join(offer.used_for)
        case "vCPUs":
            return f"{machine.vcpus:g}"
        case "GiB":
            return f"{machine.memory_gib:g}"
        case "CPU":
            return machine.arch
        case "fabric":
            return f"{fabric.kind} {fabric.gbps}" if fabric else "-"
        case "on demand":
            return prices.get("on-demand", "-")
        case "block":
            return prices.get("capacity-block", "-")
        case "spot":
            return prices.get("spot", "-")
        case _:
            return prices.get("endpoint", "-")


def _usd(each: OfferPrice) -> str:
    return f"{'~' if each.price.estimate else ''}{each.price.usd:.2f}"


def _where(each: OfferPrice) -> str:
    return "every region" if each.price.region == EVERYWHERE else each.price.region


def _details(offer: MachineOffer) -> Iterator[str]:
    if isinstance(offer.machine, GpuMachine) or offer.regions is not None:
        yield f"regions ({len(offer.regions or ())}): {', '.join(offer.regions or ()) or 'none'}"
    else:
        yield "regions: nearly all; the catalogue keeps no list of what is so common"
    if offer.zones:
        yield f"zones: {', '.join(offer.zones)}"
    for each in offer.prices:
        price = each.price
        about = f" ({price.estimate})" if price.estimate else ""
        yield f"{_SHORT[each.way]}: {price.usd:.4g} USD an hour in {_where(each)}, {price.as_of}{about}, {price.source}"
    for way, quotas in offer.quotas:
        names = "; ".join(f"{quota.name} ({quota.code})" if quota.code else quota.name for quota in quotas)
        if names:
            yield f"quota, {way}: {names}"
    if isinstance(offer.machine, GpuMachine) and offer.machine.local_ssd_gib:
        yield f"local disks: {offer.machine.local_ssd_gib} GiB"
    if offer.machine.note:
        yield offer.machine.note


def _legend(offers: Sequence[MachineOffer]) -> str:
    days = sorted(each.price.as_of for offer in offers for each in offer.prices)
    dates = f"USD an hour for the whole machine; prices of {days[0]} to {days[-1]}" if days else "no prices are known"
    return f"{dates}. ~ is an estimate, - is unknown or not sold so"
