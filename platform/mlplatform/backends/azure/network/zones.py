"""Which zones a platform uses. Imports no SDK."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.catalog.catalog import catalog_path, load_catalog
from mlplatform.spec.platform import PlatformSpec

T = TypeVar("T")


def region_zones(location: str) -> tuple[str, ...]:
    """The zones of a region; empty where it has none or is not known."""
    region = load_catalog(catalog_path("azure")).regions.get(location)
    return region.zones if region else ()


def zones(spec: PlatformSpec) -> tuple[str, ...]:
    """The zones in use: the target's own, else the region's first ones; empty where the region has none.

    Args:
        spec: the platform, narrowed to its Azure target.
    """
    target = spec.targets[0]
    if not isinstance(target, AzureTarget):
        raise TypeError(f"expected an AzureTarget, got {type(target).__name__}")
    count = spec.network.zones or (len(target.zones) or spec.defaults.zones)
    return (target.zones or region_zones(target.location))[:count]


def spread(total: int, parts: int) -> tuple[int, ...]:
    """A number in whole shares that differ by at most one, the larger ones first."""
    return tuple(total // parts + (1 if index < total % parts else 0) for index in range(parts))


def of_zone(each: Sequence[T], zones: Sequence[str], zone: str) -> T:
    """What a zone has of one for all zones, or of one for each."""
    return each[0] if len(each) == 1 or zone not in zones else each[zones.index(zone)]
