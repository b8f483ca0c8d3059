"""Offers of machines for people: a line of facts for each, and of one accelerator also where and under which quota.

Where there are many, the cheapest of each cloud are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform import discovery
from mlplatform.catalog.machine import GpuMachine
from mlplatform.plan.cost.offers import MachineOffer, OfferPrice, Taken, cheapest
from mlplatform.views.offers.details import WAYS, detail_blocks, price_place
from mlplatform.views.offers.shown import cheapest_offers
from mlplatform.views.style import Style

_ACCELERATORS = ("accelerator", "cloud", "machine", "for", "vCPUs", "GiB", "fabric", "on demand", "spot", "block")
_MACHINES = ("machine", "cloud", "for", "vCPUs", "GiB", "CPU", "on demand", "spot", "endpoint")
_NUMBERS = ("vCPUs", "GiB", "on demand", "spot", "block", "endpoint")


def document(
    offers: Sequence[MachineOffer], style: Style, *, wanted: str, clouds: Sequence[str], most: int | None = None
) -> str:
    """The offers of machines with accelerators as text.

    Args:
        offers: by accelerator and price.
        style: of the screen.
        wanted: the accelerators that were asked for: regions, quotas and notes of each are shown, and the cheapest.
            Empty: all were.
        clouds: the clouds that were asked for.
        most: machines of a cloud that are shown of each accelerator. Omitted: all.
    """
    shown = offers if most is None else cheapest_offers(offers, most)
    lines = _table(shown, _ACCELERATORS, style)
    if wanted:
        lines = [*_summary(offers, wanted, clouds, style), "", *lines, *_details(shown, style)]
    more = "" if wanted else " Name one accelerator for its regions, quotas and sources."
    end = f"{_legend(offers)}; fabric in Gbit/s.{_hidden(offers, shown)}{more}"
    return _joined([*lines, "", *style.wrap(end, "", "")], style)


def machines_document(
    offers: Sequence[MachineOffer],
    style: Style,
    *,
    taken: Sequence[Taken],
    details: bool,
    most: int | None = None,
) -> str:
    """The offers of machines without accelerator, or of one machine, as text.

    Args:
        offers: by price.
        style: of the screen.
        taken: what a spec gets for the size that was asked for: these are shown in any case.
        details: whether to show regions, quotas and notes of each.
        most: machines of a cloud that are shown. Omitted: all.
    """
    shown = offers
    if most is not None:
        few, names = cheapest_offers(offers, most), {each.machine.machine_type for each in taken}
        shown = tuple(offer for offer in offers if offer in few or offer.machine.machine_type in names)
    lines = _table(shown, _MACHINES, style)
    if details:
        lines += _details(shown, style)
    if taken:
        lines = [*_taken(taken, style), "", *lines]
    more = "" if details else " Name one machine for its regions, quotas and sources."
    return _joined([*lines, "", *style.wrap(f"{_legend(offers)}.{_hidden(offers, shown)}{more}", "", "")], style)


def _joined(lines: Sequence[str], style: Style) -> str:
    return style.plain("\n".join(line.rstrip() for line in lines)) + "\n"


def _hidden(offers: Sequence[MachineOffer], shown: Sequence[MachineOffer]) -> str:
    left = len(offers) - len(shown)
    return f" {left} other machines are left out: --all shows them." if left else ""


def _details(offers: Sequence[MachineOffer], style: Style) -> Iterator[str]:
    for heading, texts in detail_blocks(offers):
        yield ""
        yield from (style.paint(line, "bold") for line in style.wrap(heading, "", "  "))
        for text in texts:
            yield from style.wrap(text, "  ", "    ")


def _summary(offers: Sequence[MachineOffer], wanted: str, clouds: Sequence[str], style: Style) -> Iterator[str]:
    """Where it could run, and what the cheapest hour of each kind of capacity costs there."""
    yield style.paint(f"{wanted}, the cheapest hour on each cloud", "bold")
    for cloud in clouds:
        best = [(offer, each) for offer, each in cheapest(offers) if offer.cloud == cloud]
        ways = [f"{WAYS[each.way]} {_usd(each)} ({offer.name}, {price_place(each)})" for offer, each in best]
        none = "no price is known" if any(offer.cloud == cloud for offer in offers) else "sells none there"
        title = discovery.backend(cloud).catalog.title
        yield from style.wrap(f"{title}: {'; '.join(ways) or none}", "  ", "    ")


def _taken(taken: Sequence[Taken], style: Style) -> Iterator[str]:
    yield style.paint("What a spec gets for this size", "bold")
    for title in dict.fromkeys(each.title for each in taken):
        places = [f"{each.machine.machine_type} as a {each.place}" for each in taken if each.title == title]
        yield from style.wrap(f"{title}: {', '.join(places)}".replace("a endpoint", "an endpoint"), "  ", "    ")


def _table(offers: Sequence[MachineOffer], head: Sequence[str], style: Style) -> list[str]:
    rows = [[_cell(offer, name) for name in head] for offer in offers]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(
            cell.rjust(width) if name in _NUMBERS else cell.ljust(width)
            for cell, width, name in zip(cells, widths, head, strict=True)
        ).rstrip()

    return [style.paint(line(head), "bold"), *map(line, rows)]


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


def _legend(offers: Sequence[MachineOffer]) -> str:
    days = sorted(each.price.as_of for offer in offers for each in offer.prices)
    between = " to ".join(dict.fromkeys(map(str, (days[0], days[-1])))) if days else ""
    dates = f"USD an hour for the whole machine; prices of {between}" if days else "no prices are known"
    return f"{dates}. ~ is an estimate, - is unknown or not sold so"
