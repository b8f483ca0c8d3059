"""Which zones a platform and its pools use. Imports no SDK."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.catalog import Catalog
from mlplatform.catalog.machine import GpuMachine
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.training import CapacityBlock, GpuPoolSpec, Reservation


def wanted(spec: PlatformSpec) -> int:
    """How many zones the platform asks for."""
    return spec.network.zones or spec.defaults.zones


def zones(spec: PlatformSpec, target: GcpTarget, catalog: Catalog) -> tuple[str, ...]:
    """The zones in use: the target's, or the region's first ones as the catalogue lists them."""
    if target.zones:
        return target.zones
    region = catalog.regions.get(target.region)
    return region.zones[: wanted(spec)] if region else ()


def starting(least: int, most: int, zones: int) -> int:
    """In how many zones a pool can start: GKE starts equally many nodes in each, which must not exceed the most."""
    return next((count for count in range(zones, 0, -1) if -(-least // count) * count <= most), 0)


def offering(machine: GpuMachine, target: GcpTarget, in_use: Sequence[str]) -> tuple[str, ...]:
    """Zones in use that have a machine; all of them where the catalogue does not know."""
    known = machine.offered.zones_in(target.region)
    return tuple(zone for zone in in_use if zone in known) if known else tuple(in_use)


def pool_zones(pool: GpuPoolSpec, machine: GpuMachine, target: GcpTarget, in_use: Sequence[str]) -> tuple[str, ...]:
    """The zones of a GPU pool: its reservation's, those it names, one for fabric, else all that have the machine."""
    if isinstance(pool.capacity, Reservation | CapacityBlock):
        return (target.reservations[pool.capacity.name].zone,)
    if pool.zones:
        return tuple(in_use[position - 1] for position in pool.zones)
    found = offering(machine, target, in_use)
    return found[:1] if pool.fabric else found[: starting(pool.min_nodes, pool.max_nodes, len(found))]
