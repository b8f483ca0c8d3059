"""Selects a cloud's machines for one acceptable accelerator, condition by condition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import get_args

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.machine import CapacityKind, GpuMachine, Use
from mlplatform.fast.record import record

Machines = tuple[GpuMachine, ...]

SERVES: Mapping[Use, str] = MappingProxyType(
    {
        "training": "joins a cluster",
        "online": "hosts an always-on endpoint",
        "zero": "hosts an endpoint that scales to zero",
    }
)

ENDPOINTS: Mapping[Use, str] = MappingProxyType(
    {"online": "always-on endpoints", "zero": "endpoints that scale to zero"}
)

SHOWN = 8
"""Maximum of regions that a reason names, those of the same area first; the rest is a number."""

AREA = 2
"""Letters of a region's name that are its area (`eu`, `us`, `as`)."""


@record(kw_only=True)
class Wish:
    """The conditions for a machine besides its accelerator."""

    region: str
    zone: str | None = None
    use: Use = "training"
    capacity: CapacityKind = "on-demand"
    fabric: bool = False
    mig: str | None = None
    time_slicing: bool = False
    vcpus: float = 0
    memory_gib: float = 0
    insisted: frozenset[str] = frozenset()
    """Names of offers that the user knows to be in the region, whatever its list says."""

    def listed(self, machine: GpuMachine) -> bool:
        """True if the vendor lists the machine in the region, for this use."""
        return machine.offered_for(self.use).in_region(self.region) == "yes"

    def has(self, machine: GpuMachine) -> bool:
        """True if the region has the machine: it is listed, or somebody knows that it is there."""
        return self.listed(machine) or machine.offer_name(self.use) in self.insisted


def fitting_machines(title: str, machines: Iterable[GpuMachine], option: Accelerator, wish: Wish) -> Machines | str:
    """The machines that fit, or why none does: the first condition that no remaining machine meets."""
    left: Machines = tuple(machines)
    for holds, reason in _conditions(title, option, wish):
        kept = tuple(machine for machine in left if holds(machine))
        if not kept:
            return reason(left)
        left = kept
    return left


Condition = tuple[Callable[[GpuMachine], bool], Callable[[Machines], str]]


def _conditions(title: str, option: Accelerator, wish: Wish) -> tuple[Condition, ...]:
    return (
        (lambda m: m.accelerator.name == option.name, lambda _: f"{title} has no {option.name}"),
        (
            lambda m: wish.use in m.uses,
            lambda _: f"no {option.name} of {title} {SERVES[wish.use]}",
        ),
        (lambda m: m.accelerator == option, lambda left: _counts(title, option, left)),
        (
            wish.has,
            lambda left: _elsewhere(title, option, wish, left),
        ),
        (
            lambda m: not wish.zone or not m.offered.zones_in(wish.region) or wish.zone in m.offered.zones,
            lambda left: f"{title} offers no {option} in {wish.zone}, but in {_zones(left, wish.region)}",
        ),
        (
            lambda m: wish.capacity in m.capacities,
            lambda left: f"{title} offers {option} only as {_capacities(left)}, not as {wish.capacity}",
        ),
        (
            lambda m: not wish.fabric or m.fabric is not None,
            lambda left: f"{title} has no fast fabric with {option} ({_types(left)})",
        ),
        (
            lambda m: wish.mig is None or wish.mig in dict(m.mig),
            lambda left: _profiles(title, option, wish.mig or "", left),
        ),
        (
            lambda m: not wish.time_slicing or m.accelerator.model.time_slicing,
            lambda _: f"{option.name} cannot be shared by time-slicing: its device plugin does not support it",
        ),
        (
            lambda m: m.vcpus >= wish.vcpus and m.memory_gib >= wish.memory_gib,
            lambda left: _too_small(title, option, wish, left[-1]),
        ),
    )


def _counts(title: str, option: Accelerator, left: Machines) -> str:
    counts = sorted({machine.accelerator.count for machine in left})
    if len(counts) == 1:
        return f"{title} offers {option.name} only with {counts[0]} per machine ({_types(left)}), not {option.count}"
    listed = f"{', '.join(map(str, counts[:-1]))} or {counts[-1]}"
    return f"{title} offers {option.name} with {listed} per machine, not {option.count}"


def _types(left: Machines) -> str:
    names = list(dict.fromkeys(machine.machine_type for machine in left))
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _service(left: Machines, wish: Wish) -> str:
    """The kind of endpoint, where the serving service's list of regions is not that of the machines."""
    own = any(machine.served or "training" not in machine.uses for machine in left)
    return f" for {ENDPOINTS[wish.use]}" if own and wish.use != "training" else ""


def _elsewhere(title: str, option: Accelerator, wish: Wish, left: Machines) -> str:
    listed: set[str] = set()
    for machine in left:
        listed |= machine.offered_for(wish.use).regions or set()
    if not listed:
        return f"the catalogue of {title} names no region that has {option}{_service(left, wish)}"
    return (
        f"{title} offers no {option} in {wish.region}{_service(left, wish)}, but in {near_regions(listed, wish.region)}"
    )


def near_regions(listed: Iterable[str], region: str) -> str:
    """Regions as one text, those of the same area first, and the number of the rest."""
    near = sorted(listed, key=lambda name: (name[:AREA] != region[:AREA], name))
    return ", ".join(near[:SHOWN]) + (f" and {len(near) - SHOWN} more" if len(near) > SHOWN else "")


def _zones(left: Machines, region: str) -> str:
    return ", ".join(sorted({zone for machine in left for zone in machine.offered.zones_in(region)}))


def _capacities(left: Machines) -> str:
    order: tuple[CapacityKind, ...] = get_args(CapacityKind)
    return " or ".join(way for way in order if any(way in machine.capacities for machine in left))


def _profiles(title: str, option: Accelerator, profile: str, left: Machines) -> str:
    valid = list(dict.fromkeys(name for machine in left for name, _ in machine.mig))
    if not valid:
        return f"{title} cannot partition {option.name} with MIG"
    return f"MIG profile '{profile}' is not one of {option} on {title}: valid are {', '.join(valid)}"


def _too_small(title: str, option: Accelerator, wish: Wish, largest: GpuMachine) -> str:
    return (
        f"{title} has no {option} with at least {wish.vcpus:g} vCPUs and {wish.memory_gib:g} GiB: "
        f"the largest is {largest.machine_type} with {largest.vcpus:g} vCPUs and {largest.memory_gib:g} GiB"
    )
