"""The limits of an estimate as sentences: prices that stand in, that are old, and that are missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from mlplatform.plan.cost.model import MissingPart
from mlplatform.plan.cost.prices import Price, Prices
from mlplatform.plan.cost.public_lists import has_list

MAX_AGE_DAYS = 90
"""Age above which prices cause a warning."""
YEAR_DAYS = 365
"""Age above which every view marks what rests on a price."""
MOST_NAMES = 4
"""Prices named in one sentence."""


def estimate_limits(
    used: Mapping[tuple[str, str], Price], missing: Iterable[MissingPart], prices: Prices, today: date
) -> Iterator[str]:
    """The limits, most important first.

    Args:
        used: prices that the estimate uses, by name and by the region that needs them.
        missing: parts without a price.
        prices: all prices.
        today: the date that ages are counted to.
    """
    yield from _rough(used)
    yield from _derived(used, prices)
    yield from _stand_ins(used)
    yield from _elsewhere(missing, prices)
    yield from _old(used, prices.cloud, today)


def _rough(used: Mapping[tuple[str, str], Price]) -> Iterator[str]:
    groups: dict[str, set[str]] = defaultdict(set)
    for (sku, _), price in used.items():
        if price.rough:
            groups[price.rough].add(sku)
    for reason, skus in sorted(groups.items()):
        yield f"estimate: {_some(skus)}: {reason}"


def _derived(used: Mapping[tuple[str, str], Price], prices: Prices) -> Iterator[str]:
    derived = {sku for (sku, _), price in used.items() if price.derived}
    if not derived:
        return
    how = "the on-demand price stands in as an upper bound"
    if discount := prices.spot_discount_percent:
        how = f"{discount:g} % below the on-demand price stands in, the least discount that the vendor promises"
    yield f"estimate: no spot price for {_some(derived)}; {how}"


def _stand_ins(used: Mapping[tuple[str, str], Price]) -> Iterator[str]:
    groups: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for (sku, region), price in used.items():
        if price.instead_of:
            groups[region, price.region, price.instead_of.reason].add(sku)
    for (region, other, reason), skus in sorted(groups.items()):
        prices = f"{len(skus)} prices of {other} stand" if len(skus) > 1 else f"1 price of {other} stands"
        yield f"estimate: {prices} in for {region}'s ({reason}): {_some(skus)}"


def _elsewhere(missing: Iterable[MissingPart], prices: Prices) -> Iterator[str]:
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for part in missing:
        if part.sku and (near := prices.near(part.sku, part.region, far=True)):
            groups[part.region, near].add(part.sku)
    for (region, near), skus in sorted(groups.items()):
        many = f"{len(skus)} prices are" if len(skus) > 1 else "1 price is"
        yield (
            f"{many} missing for {region}, and left out of the total; "
            f"`price_region: {{{region}: {near}}}` in a usage file uses those of {near}"
        )


def _old(used: Mapping[tuple[str, str], Price], cloud: str, today: date) -> Iterator[str]:
    year = {key: price for key, price in used.items() if (today - price.as_of).days > YEAR_DAYS}
    old = {key: price for key, price in used.items() if (today - price.as_of).days > MAX_AGE_DAYS}
    way = "write newer ones into the price file of its package"
    if old and has_list(cloud):
        way = f"refresh them with `mlplatform cost refresh --cloud {cloud}`"
    if year:
        days = sorted({price.as_of for price in year.values()})
        ages = f"as of {days[0]:%Y-%m}" + (f" to {days[-1]:%Y-%m}" if f"{days[0]:%Y-%m}" != f"{days[-1]:%Y-%m}" else "")
        names = _some({sku for sku, _ in year})
        yield f"{len(year)} of {len(used)} prices are older than a year ({ages}): {names}; {way}"
    elif old:
        sku, _ = key = min(old, key=lambda each: (old[each].as_of, each))
        yield (
            f"{len(old)} of {len(used)} prices are older than {MAX_AGE_DAYS} days, the oldest from {old[key].as_of} "
            f"({sku}): {way}"
        )


def _some(skus: Iterable[str]) -> str:
    """The first names, and how many there are besides."""
    names = sorted(skus)
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
