"""Parts of a catalogue file that many machines share: quotas, and lists of regions and zones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar, get_args

from mlplatform.catalog.machine import Offered, Quota, Quotas, QuotaUnit, Service
from mlplatform.catalog.reader import Table

T = TypeVar("T")
D = TypeVar("D")

UNITS: tuple[QuotaUnit, ...] = get_args(QuotaUnit)


def quota_sets(table: Table) -> Mapping[str, Quotas]:
    """Sets of quotas that machines share, by name."""
    sets: dict[str, Quotas] = {}
    section = table.table("quotas")
    for name in section:
        ways = section.table(name)
        sets[name] = tuple((way, tuple(map(_quota, ways.tables(way)))) for way in ways)
    return sets


def joined_quotas(first: Quotas, second: Quotas) -> Quotas:
    """Two sets as one: what either counts by a kind of capacity or use."""
    ways = dict.fromkeys((*dict(first), *dict(second)))
    return tuple((way, (*dict(first).get(way, ()), *dict(second).get(way, ()))) for way in ways)


def _quota(entry: Table) -> Quota:
    quota = Quota(
        name=entry.get("name", str),
        unit=entry.one_of("unit", UNITS),
        code=entry.optional("code", str),
        per_region=entry.get("per_region", bool, True),
        headroom_percent=entry.get("headroom_percent", int, 0),
    )
    entry.done()
    return quota


def offer_lists(table: Table) -> Mapping[str, Offered]:
    """Lists of regions and zones that machines share, by name."""
    section = table.table("offered")
    return {name: _offered(section.table(name)) for name in section}


def services(table: Table) -> Mapping[str, Service]:
    """Services and features that only some regions have, by name."""
    section = table.table("services")
    return {
        name: Service(name, entry.get("title", str), _offered(entry))
        for name in section
        for entry in (section.table(name),)
    }


def _offered(entry: Table) -> Offered:
    zones, lacking = frozenset(entry.texts("zones")), frozenset(entry.texts("except"))
    listed = frozenset(entry.texts("regions")) | {zone.rpartition("-")[0] for zone in zones}
    if bool(listed) == bool(lacking):
        raise entry.error("regions", "regions or zones that have it, or under `except` those that lack it")
    offered = Offered(
        regions=None if lacking else listed,
        zones=zones,
        lacking=lacking,
        source=entry.get("source", str),
        as_of=entry.optional("as_of", date),
    )
    entry.done()
    return offered


def named_part(table: Table, key: str, known: Mapping[str, T], default: D) -> T | D:
    """The shared part that an entry names; the default if it names none."""
    name = table.optional(key, str)
    if name is None:
        return default
    if name not in known:
        raise table.error(key, f"one of {', '.join(known)}")
    return known[name]
