"""Names of the prices that a catalogue's machines need, in each way a spec can ask for them."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.catalog.catalog import Catalog
from mlplatform.catalog.machine import CpuMachine, GpuMachine
from mlplatform.plan.cost.prices import machine_name
from mlplatform.plan.cost.rules.nodes import BLOCK

Machine = GpuMachine | CpuMachine


def is_sold(machine: Machine, region: str) -> bool:
    """Whether a region has a machine, as far as the catalogue knows."""
    return not machine.offered.regions or region in machine.offered.regions


def needed_prices(catalog: Catalog, region: str) -> set[str]:
    """Names of all prices that the machines of a region need."""
    machines = (*catalog.machines, *catalog.cpu_machines)
    return {sku for machine in machines if is_sold(machine, region) for sku in paid(catalog, machine)}


def paid(catalog: Catalog, machine: Machine) -> Iterator[str]:
    """Names of the prices that using a machine needs, in each way a spec can ask for it."""
    name, uses = machine_name(catalog, machine), machine.uses
    ways = machine.capacities if isinstance(machine, GpuMachine) and "training" in uses else frozenset[str]()
    if "system" in uses or ways & {"on-demand", "reservation"}:
        yield f"machine/{name}"
    if "spot" in ways:
        yield f"spot/{name}"
    if "capacity-block" in ways:
        yield f"{BLOCK}{name}"
    if uses & {"online", "zero"}:
        yield from _served(catalog.cloud, machine, name)


def _served(cloud: str, machine: Machine, name: str) -> Iterator[str]:
    accelerator = machine.accelerator if isinstance(machine, GpuMachine) else None
    if cloud == "aws":
        yield f"serving/ml.{name}"
    elif name.startswith("vertex-"):
        yield name.replace("vertex-", "vertex/", 1)
    elif cloud == "gcp":
        yield from ("run/cpu", "run/memory", "run/cpu-on-request", "run/memory-on-request")
        if accelerator and isinstance(machine, GpuMachine):
            yield from (f"run/gpu/{machine.accelerator_type}", f"run/gpu/{machine.accelerator_type}+zonal")
    elif "zero" in machine.uses:
        yield from ("apps/cpu", "apps/memory")
        if accelerator:
            yield f"apps/gpu/{accelerator.name.partition('-')[0]}"
    else:
        yield f"machine/{name}"
