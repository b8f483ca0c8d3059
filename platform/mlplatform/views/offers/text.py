"""Offers of machines for people: a line of facts for each, and of one accelerator also where and under which quota."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.plan.cost.offers import MachineOffer, OfferPrice
from mlplatform.plan.cost.prices import EVERYWHERE
from mlplatform.views.style import Style

_SHORT = {"on-demand": "on demand", "spot": "spot", "capacity-block": "block"}


def document(offers: Sequence[MachineOffer], style: Style, *, details: bool) -> str:
    """The offers as text.

    Args:
        offers: in the order in which they are shown.
        style: of the screen.
        details: whether to show regions, quotas and notes of each.
    """
    rows = [_row(offer) for offer in offers]
    head = ("accelerator", "cloud", "machine", "for", "vCPUs", "GiB", "fabric", "on demand", "spot", "block")
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [style.paint(_line(head, widths), "bold")]
    for offer, row in zip(offers, rows, strict=True):
        lines.append(_line(row, widths))
        if details:
            for text in _details(offer):
                lines += style.wrap(text, "    ", "      ")
    lines += ["", *style.wrap(_legend(offers), "", "")]
    return style.plain("\n".join(line.rstrip() for line in lines)) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    left = (0, 1, 2, 3, 6)
    padded = (
        cell.ljust(width) if column in left else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(padded).rstrip()


def _row(offer: MachineOffer) -> tuple[str, ...]:
    machine = offer.machine
    fabric = f"{machine.fabric.kind} {machine.fabric.gbps}" if machine.fabric else "-"
    prices = {each.way: _usd(each) for each in offer.prices}
    return (
        str(machine.accelerator),
        offer.title,
        offer.name,
        ", ".join(offer.used_for),
        f"{machine.vcpus:g}",
        f"{machine.memory_gib:g}",
        fabric,
        prices.get("on-demand", "-"),
        prices.get("spot", "-"),
        prices.get("capacity-block", "-"),
    )


def _usd(each: OfferPrice) -> str:
    return f"{'~' if each.price.estimate else ''}{each.price.usd:.2f}"


def _details(offer: MachineOffer) -> Iterator[str]:
    if offer.regions is None:
        yield "regions: the vendor publishes no list"
    else:
        yield f"regions ({len(offer.regions)}): {', '.join(offer.regions) or 'none'}"
    if offer.zones:
        yield f"zones: {', '.join(offer.zones)}"
    for each in offer.prices:
        price = each.price
        about = f" ({price.estimate})" if price.estimate else ""
        where = "every region" if price.region == EVERYWHERE else price.region
        yield f"{_SHORT[each.way]}: {price.usd:.4g} USD an hour in {where}, {price.as_of}{about}, {price.source}"
    for way, quotas in offer.quotas:
        names = "; ".join(f"{quota.name} ({quota.code})" if quota.code else quota.name for quota in quotas)
        if names:
            yield f"quota, {way}: {names}"
    if offer.machine.local_ssd_gib:
        yield f"local disks: {offer.machine.local_ssd_gib} GiB"
    if offer.machine.note:
        yield offer.machine.note


def _legend(offers: Sequence[MachineOffer]) -> str:
    days = sorted(each.price.as_of for offer in offers for each in offer.prices)
    dates = f"USD an hour for the whole machine; prices of {days[0]} to {days[-1]}" if days else "no prices are known"
    return (
        f"{dates}. ~ is an estimate, - is unknown or not sold so; fabric in Gbit/s. "
        "Name one accelerator for its regions, quotas and sources."
    )
