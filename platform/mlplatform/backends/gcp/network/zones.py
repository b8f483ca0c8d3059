"""Zones of a platform and its pools. Imports no SDK."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.catalog import Catalog
from mlplatform.catalog.machine import CpuMachine, GpuMachine, Machine
from mlplatform.components.selection import bound_reservation
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.training import GpuPoolSpec


def wanted_zones(spec: PlatformSpec) -> int:
    """Number of zones that the platform asks for."""
    return spec.network.zones or spec.defaults.zones


def zones_in_use(spec: PlatformSpec, target: GcpTarget, catalog: Catalog) -> tuple[str, ...]:
    """The target's zones, or the first ones of the region in the catalogue."""
    if target.zones:
        return target.zones
    region = catalog.regions.get(target.region)
    return region.zones[: wanted_zones(spec)] if region else ()


def startable_zones(min_nodes: int, max_nodes: int, zones: int) -> int:
    """Number of zones in which a pool can start: GKE starts equally many nodes in each, `max_nodes` at most."""
    return next((count for count in range(zones, 0, -1) if -(-min_nodes // count) * count <= max_nodes), 0)


def zones_with_machine(machine: Machine, target: GcpTarget, in_use: Sequence[str]) -> tuple[str, ...]:
    """Zones in use that have a machine; all of them where the catalogue does not know."""
    known = machine.offered.zones_in(target.region)
    return tuple(zone for zone in in_use if zone in known) if known else tuple(in_use)


def pool_zones(pool: GpuPoolSpec, machine: GpuMachine, target: GcpTarget, in_use: Sequence[str]) -> tuple[str, ...]:
    """Zones of a GPU pool: its reservation's, those it names, one for fabric, else all that have the machine."""
    if reservation := bound_reservation(target, pool):
        return (reservation.zone,)
    if pool.zones:
        return tuple(in_use[position - 1] for position in pool.zones)
    zones = zones_with_machine(machine, target, in_use)
    return zones[:1] if pool.fabric else zones[: startable_zones(pool.min_nodes, pool.max_nodes, len(zones))]


def cpu_pool_zones(pool: CpuPoolSpec, machine: CpuMachine, target: GcpTarget, in_use: Sequence[str]) -> tuple[str, ...]:
    """Zones of a CPU pool: those it names, else all in use that have the machine."""
    if pool.zones:
        return tuple(in_use[position - 1] for position in pool.zones)
    zones = zones_with_machine(machine, target, in_use)
    return zones[: startable_zones(pool.min_nodes, pool.max_nodes, len(zones))]
