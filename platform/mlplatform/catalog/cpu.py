"""The machine without accelerator that is large enough."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

from mlplatform.catalog.choice import NotOffered
from mlplatform.catalog.machine import CpuMachine, CpuUse


def smallest_machine(
    title: str, machines: Sequence[CpuMachine], vcpus: float, memory_gib: float, use: CpuUse, region: str
) -> CpuMachine | NotOffered:
    """The smallest machine that fits, or why none does; of equal size the first one in the catalogue.

    For the nodes of a pool it is the cheapest by the prices of the catalogue, which are those of one region: the same
    everywhere, so that a pool has the same machine in each region that offers it.
    """
    offered = _offered(machines, use, region)
    if not offered:
        return NotOffered((f"{title} lists no machine without accelerator for use '{use}' in {region}",))
    fits: list[CpuMachine] = [
        machine for machine in offered if machine.vcpus >= vcpus and machine.memory_gib >= memory_gib
    ]
    if fits:
        return min(fits, key=_price) if use == "training" else fits[0]
    largest = offered[-1]
    reason = (
        f"{title} has no machine with {vcpus:g} vCPUs and {memory_gib:g} GiB for use '{use}' in {region}: "
        f"the largest is {largest.machine_type} with {largest.vcpus:g} and {largest.memory_gib:g}"
    )
    return NotOffered((reason,))


def _offered(machines: Sequence[CpuMachine], use: CpuUse, region: str) -> Sequence[CpuMachine]:
    """The machines for a use that a region may have, the smallest first."""
    for of, by, where, found in _KNOWN:
        if of is machines and by == use and where == region:
            return found
    found = sorted(
        (machine for machine in machines if use in machine.uses and machine.offered_for(use).in_region(region) != "no"),
        key=lambda machine: (machine.vcpus, machine.memory_gib),
    )
    _KNOWN.append((machines, use, region, found))
    return found


_KNOWN: deque[tuple[Sequence[CpuMachine], CpuUse, str, Sequence[CpuMachine]]] = deque(maxlen=16)
"""The last that were found. A catalogue never changes, and is asked for each step and pool of a spec."""


def _price(machine: CpuMachine) -> float:
    """Its price; a machine without one comes last."""
    return math.inf if machine.hourly_usd is None else machine.hourly_usd
