"""Parts of a catalogue file that many machines share: quotas, and lists of regions and zones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, get_args

from mlplatform.catalog.machine import Offered, Quota, Quotas, QuotaUnit
from mlplatform.catalog.reader import Table

T = TypeVar("T")

UNITS: tuple[QuotaUnit, ...] = get_args(QuotaUnit)


def quota_sets(table: Table) -> Mapping[str, Quotas]:
    """Sets of quotas that machines share, by name."""
    sets: dict[str, Quotas] = {}
    section = table.table("quotas")
    for name in section:
        ways = section.table(name)
        sets[name] = tuple((way, tuple(map(_quota, ways.tables(way)))) for way in ways)
    return sets


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
    lists: dict[str, Offered] = {}
    section = table.table("offered")
    for name in section:
        entry = section.table(name)
        zones = frozenset(entry.texts("zones"))
        listed = frozenset(entry.texts("regions")) | {zone.rpartition("-")[0] for zone in zones}
        lists[name] = Offered(listed, entry.texts("unknown"), zones)
        entry.done()
    return lists


def named_part(table: Table, key: str, known: Mapping[str, T], default: T) -> T:
    """The shared part that an entry names; the default if it names none."""
    name = table.optional(key, str)
    if name is None:
        return default
    if name not in known:
        raise table.error(key, f"one of {', '.join(known)}")
    return known[name]
