"""The demand of a spec on one cloud at its upper bounds: accelerators, and the account's quotas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from mlplatform.catalog.choice import NotOffered
from mlplatform.catalog.machine import GpuMachine, Serving
from mlplatform.catalog.quota import Demand, QuotaDemand, quota_demands, resource_demands
from mlplatform.components.backend import Backend
from mlplatform.components.live_account import NeededMachine
from mlplatform.components.selection import endpoint_use, try_endpoint, try_pool
from mlplatform.plan.model import Plan
from mlplatform.spec.platform import PlatformSpec

_SERVED = frozenset(get_args(Serving))
"""Uses of machines that a service runs: it places them itself."""
_WAYS = {"zero": "sleeps when idle", "online": "always on"}


@dataclass(frozen=True, slots=True)
class AcceleratorDemand:
    """Demand for one accelerator model."""

    name: str
    """Canonical name, for example `H100`."""

    devices: int
    """Number that can run at the same time."""

    users: tuple[str, ...]
    """Pools and endpoints, each with its machine and maximum count."""


def accelerator_demand(backend: Backend, spec: PlatformSpec) -> tuple[AcceleratorDemand, ...]:
    """Accelerators at the upper bounds, by model, in the spec's order. `spec` is narrowed to the backend's cloud."""
    devices: dict[str, int] = {}
    users: dict[str, list[str]] = {}
    for user, wanted in _wanted(backend, spec):
        if isinstance(wanted.machine, GpuMachine):
            carried = wanted.machine.accelerator
            devices[carried.name] = devices.get(carried.name, 0) + carried.count * wanted.count
            text = f"{user}: up to {wanted.count} x {wanted.machine.machine_type}"
            users.setdefault(carried.name, []).append(f"{text}, {_WAYS.get(wanted.way, wanted.way)}")
    return tuple(AcceleratorDemand(name, count, tuple(users[name])) for name, count in devices.items())


def quota_demand(backend: Backend, spec: PlatformSpec, plan: Plan | None = None) -> tuple[QuotaDemand, ...]:
    """Minimum amount of each quota.

    Args:
        backend: the cloud.
        spec: narrowed to the backend's cloud.
        plan: its plan, whose networks, addresses and the like count too. Omitted: machines and their disks only.
    """
    machines = quota_demands(wanted for _, wanted in _wanted(backend, spec))
    if plan is None:
        return tuple(machines)
    types = (step.type for step in plan.resources() if step.op != "read")
    return (*machines, *resource_demands(types, backend.catalog.resource_quotas, spec.targets[0].location))


def needed_machines(backend: Backend, spec: PlatformSpec) -> tuple[NeededMachine, ...]:
    """Machine types of the cluster's pools.

    Args:
        backend: the cloud.
        spec: narrowed to the backend's cloud.
    """
    positions = {
        f"pool {pool.name}": pool.zones
        for pool in ((*spec.training.pools, *spec.training.cpu_pools) if spec.training else ())
    }
    users: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for user, wanted in _wanted(backend, spec):
        if wanted.way not in _SERVED:
            users.setdefault((wanted.machine.machine_type, positions.get(user, ())), []).append(user)
    return tuple(
        NeededMachine(machine_type=kind, users=tuple(names), positions=zones) for (kind, zones), names in users.items()
    )


def _wanted(backend: Backend, spec: PlatformSpec) -> Iterator[tuple[str, Demand]]:
    target = spec.targets[0]
    region = target.location
    if spec.training:
        system = spec.training.system_pool
        machine = backend.catalog.cpu(system.vcpus, system.memory_gib, "system", region)
        if not isinstance(machine, NotOffered):
            yield "system pool", Demand(machine, system.max_nodes, "system", region, disk_gib=system.disk_gib)
        for pool in spec.training.pools:
            choice = try_pool(backend, target, pool)
            if not isinstance(choice, NotOffered):
                way = pool.capacity if isinstance(pool.capacity, str) else pool.capacity.kind
                chosen = choice.machine
                # disks that can be left out are taken only where the pool uses them
                local = chosen.local_ssd_gib if pool.local_nvme or not chosen.local_ssd_optional else 0
                yield (
                    f"pool {pool.name}",
                    Demand(chosen, pool.max_nodes, way, region, disk_gib=pool.disk_gib, local_gib=local),
                )
        for cpu_pool in spec.training.cpu_pools:
            machine = backend.catalog.cpu(cpu_pool.vcpus, cpu_pool.memory_gib, "training", region)
            if not isinstance(machine, NotOffered):
                yield (
                    f"pool {cpu_pool.name}",
                    Demand(machine, cpu_pool.max_nodes, cpu_pool.capacity, region, disk_gib=cpu_pool.disk_gib),
                )
    for endpoint in spec.managed_endpoints:
        use = endpoint_use(endpoint)
        copies = endpoint.replicas[1] * (len(endpoint.all_variants()) + (1 if endpoint.shadow else 0))
        choice = try_endpoint(backend, target, endpoint)
        if choice is None:
            size = endpoint.cpu
            machine_choice = backend.catalog.cpu(size.vcpus, size.memory_gib, use, region)
        else:
            machine_choice = choice if isinstance(choice, NotOffered) else choice.machine
        if not isinstance(machine_choice, NotOffered):
            yield f"endpoint {endpoint.name}", Demand(machine_choice, copies, use, region)
