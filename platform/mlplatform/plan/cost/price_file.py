"""Reads price files, in the format of docs/cost.md."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import cast, get_args

import mlplatform.catalog
from mlplatform import discovery
from mlplatform.catalog.catalog import Catalog
from mlplatform.catalog.reader import MAX_NUMBER, CatalogError, Table, read_table
from mlplatform.plan.cost.charge import Unit
from mlplatform.plan.cost.notes import Beside, NotPriced, StandIn, TypeNote
from mlplatform.plan.cost.prices import MACHINE, Price, Prices, machine_name

UNITS: tuple[Unit, ...] = get_args(Unit)
_FOLDER = Path(mlplatform.catalog.__path__[0]) / "data" / "prices"
MISSING = "-"
"""In a table, the place of a price that could not be read."""


def packaged_prices(cloud: str) -> Prices:
    """The prices that come with the package, with the catalogue's for machines; none for an unknown cloud."""
    prices = Prices(cloud)
    for path in price_paths(cloud):
        prices = read_price_file(path).over(prices)
    return _with_catalog(prices, cloud)


def price_paths(cloud: str) -> tuple[Path, ...]:
    """Paths of a cloud's price files: machines by region, and the rest, of mlplatform or of the package that has the
    cloud; none for an unknown cloud."""
    own = discovery.backend(cloud).prices_path if cloud in discovery.clouds() else None
    paths = (_FOLDER / "machines" / f"{cloud}.toml", own or _FOLDER / f"{cloud}.toml")
    return tuple(path for path in paths if path.is_file())


@lru_cache(maxsize=16)
def read_price_file(path: Path) -> Prices:
    """Read a price file.

    Raises:
        mlplatform.catalog.reader.CatalogError: it is not a valid price file; the text has place, got and expected.
    """
    table = _table(path)
    cloud = table.get("cloud", str)
    if table.get("currency", str) != "USD":
        raise table.error("currency", "USD: estimates of all clouds are compared")
    as_of = table.get("as_of", date)
    entries: dict[str, dict[str, Price]] = {}
    for sku, price in (*_prices(table, as_of), *_lists(table, as_of), *_tables(table, as_of)):
        if price.region in entries.setdefault(sku, {}):
            raise table.error("price", f"one price of {sku} in {price.region}, not two")
        entries[sku][price.region] = price
    free = tuple(_type_note(entry, sourced=True) for entry in table.tables("free"))
    left_out = tuple(_type_note(entry, sourced=False) for entry in table.tables("left_out"))
    beside = tuple(map(_beside, table.tables("beside")))
    not_priced = tuple(map(_not_priced, table.tables("not_priced")))
    stand_ins = tuple(map(_stand_in, table.tables("stand_in")))
    discount = _discount(table.table("spot"))
    table.done()
    return Prices(cloud, entries, free, left_out, beside, not_priced, stand_ins, discount)


def _prices(table: Table, as_of: date) -> Iterator[tuple[str, Price]]:
    """Entries with one name and its prices by region."""
    for entry in table.tables("price"):
        sku = entry.get("sku", str)
        yield from ((sku, price) for _, price in _amounts(entry, as_of, ""))


def _lists(table: Table, as_of: date) -> Iterator[tuple[str, Price]]:
    """Entries with one region and its prices by name."""
    for entry in table.tables("list"):
        prefix, region = entry.get("prefix", str, ""), entry.get("region", str)
        yield from ((prefix + name, price) for name, price in _amounts(entry, as_of, region))


def _tables(table: Table, as_of: date) -> Iterator[tuple[str, Price]]:
    """Entries with several regions and by name as many prices, in their order."""
    for entry in table.tables("table"):
        prefix, regions = entry.get("prefix", str, ""), entry.texts("regions")
        unit, source, day, rough = _facts(entry, as_of)
        usd = entry.table("usd")
        for name in usd:
            amounts = cast("list[object]", usd.get(name, list))
            if len(amounts) != len(regions):
                raise usd.error(name, f"{len(regions)} prices, one for each of the regions")
            for region, amount in zip(regions, amounts, strict=True):
                if amount == MISSING:
                    continue
                if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 < amount <= MAX_NUMBER:
                    raise usd.error(name, f"prices above 0, at most {MAX_NUMBER:,}, or '{MISSING}' where none was read")
                yield prefix + name, Price(float(amount), unit, region, source, day, rough=rough)
        entry.done()


def _facts(entry: Table, as_of: date) -> tuple[Unit, str, date, str]:
    """Unit, source and day of an entry, and why its prices are estimates."""
    unit: Unit = entry.one_of("unit", UNITS)
    source = entry.get("source", str)
    if not source.startswith("https://"):
        raise entry.error("source", "the vendor's page, https://…")
    entry.get("note", str, "")
    return unit, source, entry.get("as_of", date, as_of), entry.get("estimate", str, "")


def _amounts(entry: Table, as_of: date, region: str) -> Iterator[tuple[str, Price]]:
    unit, source, day, rough = _facts(entry, as_of)
    usd = entry.table("usd")
    for name in usd:
        yield name, Price(usd.number(name), unit, region or name, source, day, rough=rough)
    entry.done()


def _discount(entry: Table) -> float:
    if "discount_percent" not in entry:
        return 0.0
    percent = entry.number("discount_percent")
    if percent > 100 or not entry.get("source", str).startswith("https://"):
        raise entry.error("discount_percent", "0 to 100, with the vendor's page as source")
    entry.done()
    return percent


def _type_note(entry: Table, *, sourced: bool) -> TypeNote:
    source = entry.get("source", str, None if sourced else "")
    note = TypeNote(entry.texts("types"), entry.get("reason", str), source, entry.optional("until", date))
    entry.done()
    return note


def _beside(entry: Table) -> Beside:
    note = Beside(entry.get("what", str), entry.texts("types"), entry.get("reason", str), entry.get("source", str))
    entry.done()
    return note


def _not_priced(entry: Table) -> NotPriced:
    note = NotPriced(entry.texts("skus"), entry.get("reason", str), entry.texts("regions") or ("*",))
    entry.done()
    return note


def _stand_in(entry: Table) -> StandIn:
    region, of = entry.get("region", str), entry.get("of", str)
    note = StandIn(entry.texts("skus"), region, of, entry.get("reason", str))
    entry.done()
    return note


def _table(path: Path) -> Table:
    if path.is_relative_to(_FOLDER):
        return read_table(path)  # keeps a parsed copy beside the file
    try:
        return Table(path, "", tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError, RecursionError) as error:  # not readable, not UTF-8, not TOML, too deep
        raise CatalogError(f"{path}: {error}; expected a price file in TOML") from error


def _with_catalog(prices: Prices, cloud: str) -> Prices:
    """The prices with those of the catalogue's machines in its price region, which only the catalogue has."""
    try:
        catalog = discovery.backend(cloud).catalog
    except LookupError:
        return prices
    return prices.over(Prices(cloud, {MACHINE + name: {p.region: p} for name, p in _machines(catalog)}))


def _machines(catalog: Catalog) -> Iterator[tuple[str, Price]]:
    source = next(
        (page for page in catalog.sources if "pricing" in page), catalog.sources[0] if catalog.sources else ""
    )
    for machine in (*catalog.machines, *catalog.cpu_machines):
        if machine.hourly_usd is not None:
            yield (
                machine_name(catalog, machine),
                Price(machine.hourly_usd, "hour", catalog.price_region, source, catalog.as_of),
            )
