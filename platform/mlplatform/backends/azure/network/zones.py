"""Zones that a platform uses. Imports no SDK."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from mlplatform.backends.azure.foundation.regions import region_zones
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec

T = TypeVar("T")


def zones_in_use(spec: PlatformSpec) -> tuple[str, ...]:
    """The zones in use: the target's, else the first of the region; empty where the region has none.

    Args:
        spec: the platform, narrowed to its Azure target.
    """
    target = target_of(spec, AzureTarget)
    count = spec.network.zones or (len(target.zones) or spec.defaults.zones)
    return (target.zones or region_zones(target.location))[:count]


def spread_evenly(total: int, parts: int) -> tuple[int, ...]:
    """Divide a number into whole shares that differ by at most one, the larger ones first."""
    return tuple(total // parts + (1 if index < total % parts else 0) for index in range(parts))


def item_of_zone(items: Sequence[T], zones: Sequence[str], zone: str) -> T:
    """The item of a zone, from one item for all zones or one for each."""
    return items[0] if len(items) == 1 or zone not in zones else items[zones.index(zone)]
