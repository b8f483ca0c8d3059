"""The page of the prices that come with the package: what is priced where, as of when, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from mlplatform import discovery
from mlplatform.catalog.catalog import Catalog
from mlplatform.plan.cost import Prices
from mlplatform.plan.cost.price_file import packaged_prices
from mlplatform.plan.cost.prices import EVERYWHERE, MACHINE, SPOT

from .needs import needed_prices

CLOUDS = ("aws", "gcp", "azure")
YEAR_DAYS = 365
_MOST = 12
"""Names of one kind that are listed one by one."""
HEAD = """# Prices that come with the package

This page is generated from `platform/mlplatform/catalog/data/prices` by `make goldens`, and a test holds it. Sources
are in the files, beside each list. [cost.md](cost.md) says how prices are used, and what stands in for a missing one.

A day is the last one on which somebody is known to have read the price. **old** marks prices that are more than a year
older than the newest one of this page; every view marks what rests on such a price.
"""


def price_page() -> str:
    """The page as Markdown."""
    prices = {cloud: packaged_prices(cloud) for cloud in CLOUDS}
    newest = max(day for each in prices.values() for day in _days(each))
    parts = [part for cloud in CLOUDS for part in _cloud(cloud, prices[cloud], newest)]
    return "\n".join([HEAD, *parts]).rstrip() + "\n"


def _days(prices: Prices) -> Iterator[date]:
    yield from (price.as_of for regions in prices.entries.values() for price in regions.values())


def _cloud(cloud: str, prices: Prices, newest: date) -> Iterator[str]:
    catalog = discovery.backend(cloud).catalog
    regions = sorted({region for sku, by in prices.entries.items() if sku.startswith(MACHINE) for region in by})
    yield f"## {catalog.title}\n"
    yield "| Region | Machines on demand | as of | Machines as spot | as of |"
    yield "|---|--:|---|--:|---|"
    for region in regions:
        needed = needed_prices(catalog, region)
        cells = [cell for kind in (MACHINE, SPOT) for cell in _covered(prices, needed, kind, region, newest)]
        yield f"| {region} | {' | '.join(cells)} |"
    yield ""
    yield from _missing(catalog, prices, regions)
    yield from _others(prices, newest)


def _covered(prices: Prices, needed: set[str], kind: str, region: str, newest: date) -> tuple[str, str]:
    """How many of the machines that are sold there have a price of that kind, and the days of those prices."""
    names = [sku for sku in needed if sku.startswith(kind)]
    found = [price for sku in names if (price := prices.own(sku, region))]
    return f"{len(found)} of {len(names)}", _span({price.as_of for price in found}, newest)


def _span(days: set[date], newest: date) -> str:
    if not days:
        return "none"
    first, last = min(days), max(days)
    old = " **old**" if (newest - first).days > YEAR_DAYS else ""
    return f"{first}{old}" if first == last else f"{first}{old} to {last}"


def _missing(catalog: Catalog, prices: Prices, regions: list[str]) -> Iterator[str]:
    """Every price that a machine of these regions needs and that could not be read, and what is used instead."""
    missing: dict[tuple[str, str], list[str]] = defaultdict(list)
    for region in regions:
        for sku in needed_prices(catalog, region):
            if prices.own(sku, region) is None:
                missing[sku, _instead(prices, sku, region)].append(region)
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (sku, instead), where in missing.items():
        rows[", ".join(sorted(where)), instead].append(sku)
    yield f"**Missing** in these regions, {sum(map(len, missing.values()))} prices of machines:\n"
    yield "| Prices | Regions | Instead |"
    yield "|---|---|---|"
    for (where, instead), skus in sorted(rows.items(), key=lambda row: sorted(row[1])):
        yield f"| {', '.join(f'`{sku}`' for sku in sorted(skus))} | {where} | {instead} |"
    yield ""


def _instead(prices: Prices, sku: str, region: str) -> str:
    if price := prices.find(sku, region):
        what = "on demand, an upper bound" if price.derived else "nearest region"
        if price.instead_of and "scaled" in price.instead_of.reason:
            what = "scaled from the nearest region"
        elif price.instead_of and prices.stand_in(sku, region):
            what = price.instead_of.reason
        return what
    note = prices.not_priced_note(sku, region)
    return f"none: {note.reason}" if note else "none: a budget cannot be judged"


def _others(prices: Prices, newest: date) -> Iterator[str]:
    """The prices that are no machine's: regions and days."""
    yield "**Other prices**; the nearest region stands in elsewhere.\n"
    yield "| Price | USD per | Regions | as of |"
    yield "|---|---|---|---|"
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for sku, regions in sorted(prices.entries.items()):
        if sku.startswith((MACHINE, SPOT)):
            continue
        where = "everywhere" if EVERYWHERE in regions else ", ".join(sorted(regions))
        unit = next(iter(regions.values())).unit
        groups[unit, where, _span({price.as_of for price in regions.values()}, newest)].append(sku)
    for (unit, where, span), skus in sorted(groups.items(), key=lambda group: group[1]):
        yield f"| {_names(skus)} | {unit} | {where} | {span} |"
    yield ""


def _names(skus: list[str]) -> str:
    """The names; many of one kind as their number."""
    kinds = {sku.partition("/")[0] for sku in skus}
    if len(skus) > _MOST and len(kinds) == 1:
        return f"`{kinds.pop()}/*`, {len(skus)} of them"
    return ", ".join(f"`{sku}`" for sku in skus)
