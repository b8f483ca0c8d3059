"""Where a cloud's regions are, to find the one nearest to another: same continent, shortest way."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import cast

from mlplatform.catalog.reader import Table, read_sources, read_table
from mlplatform.fast.record import record

ISOLATED = ("us-government", "china")
"""Continents of this file that are partitions: their prices say nothing about other regions, nor the other way."""
_EARTH_KM = 6371


@record()
class Place:
    """Where a region is."""

    continent: str
    """For example `europe`, or the partition: `us-government`."""

    latitude: float
    """Degrees north."""

    longitude: float
    """Degrees east."""


def continent_of(cloud: str, region: str) -> str:
    """The continent of a region; empty where the file does not know the region."""
    place = _places(cloud).get(region)
    return place.continent if place else ""


def clouds_of(region: str) -> tuple[str, ...]:
    """The clouds that have a region of this name."""
    return tuple(cloud for cloud in _table() if cloud not in ("as_of", "sources") and region in _places(cloud))


def nearest_region(
    cloud: str, region: str, others: Iterable[str], *, same_continent: bool = True, of: str | None = None
) -> str:
    """The nearest of other regions; empty where none may stand in.

    Args:
        cloud: the cloud of the other regions.
        region: where something lacks.
        others: where it is.
        same_continent: whether only regions of the same continent count. A partition is never left.
        of: the cloud of `region`. Omitted: the same.
    """
    places = _places(cloud)
    here = _places(of or cloud).get(region)
    if here is None:
        return ""
    found = [
        (place.continent != here.continent, _kilometres(here, place), name)
        for name in others
        if (place := places.get(name)) and _may_stand_in(here, place, same_continent=same_continent)
    ]
    return min(found)[2] if found else ""


def _may_stand_in(here: Place, there: Place, *, same_continent: bool) -> bool:
    if here.continent == there.continent:
        return True
    return not same_continent and here.continent not in ISOLATED and there.continent not in ISOLATED


def _kilometres(here: Place, there: Place) -> float:
    """The length of the shortest way over the ground."""
    north, east = radians(there.latitude - here.latitude), radians(there.longitude - here.longitude)
    chord = sin(north / 2) ** 2 + cos(radians(here.latitude)) * cos(radians(there.latitude)) * sin(east / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, chord)))


@cache
def _table() -> Table:
    table = read_table(Path(__file__).parent / "data" / "geography.toml")
    read_sources(table)
    return table


@cache
def _places(cloud: str) -> dict[str, Place]:
    continents = _table().table(cloud)
    return {region: place for continent in continents for region, place in _of(continents, continent)}


def _of(continents: Table, continent: str) -> Iterable[tuple[str, Place]]:
    regions = continents.table(continent)
    for region in regions:
        degrees = cast("list[object]", regions.get(region, list))
        match degrees:
            case [int() | float() as latitude, int() | float() as longitude]:
                yield region, Place(continent, float(latitude), float(longitude))
            case _:
                raise regions.error(region, "latitude and longitude in degrees")
