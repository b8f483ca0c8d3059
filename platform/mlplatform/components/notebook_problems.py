"""Problems of a target's notebooks, in the same words on every cloud: pools on which no server starts.

Imports no SDK.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from mlplatform.components.backend import Backend
from mlplatform.components.room import room_of
from mlplatform.components.selection import NotChosen, choose_cpu_pool_machine
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.notebooks import NotebooksSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target
from mlplatform.spec.training import GpuPoolSpec


def notebook_problems(backend: Backend, target: Target, spec: PlatformSpec) -> Iterator[Problem]:
    """Pools with a fabric, pools of other zones than the first, and nodes that are too small for a server.

    Args:
        backend: the cloud.
        target: its target.
        spec: the narrowed spec.
    """
    notebooks = spec.cluster.notebooks if spec.cluster else None
    if notebooks is None or spec.training is None:
        return
    pools = {pool.name: pool for pool in spec.training.all_pools}
    named = [pools[name] for name in notebooks.pools if name in pools]
    for pool in named:
        if isinstance(pool, GpuPoolSpec) and pool.fabric:
            yield backend.refuse(
                "cluster.notebooks.pools",
                f"'{pool.name}', with a fabric",
                "pools without a fabric: a notebook would hold one GPU of nodes that are for jobs over many",
                "name a pool without `fabric`, or add one",
                fields=("training.pools",),
            )
        if pool.zones != named[0].zones:
            yield backend.refuse(
                "cluster.notebooks.pools",
                f"'{named[0].name}' in {_zones(named[0].zones)}, '{pool.name}' in {_zones(pool.zones)}",
                "pools of the same `zones`: a home is a disk of one zone, and could not be opened in another",
                "set the same zones for both pools",
                fields=("training.pools", "training.cpu_pools"),
            )
        if isinstance(pool, CpuPoolSpec):
            yield from _too_small(backend, target, notebooks, pool)


def _too_small(backend: Backend, target: Target, notebooks: NotebooksSpec, pool: CpuPoolSpec) -> Iterator[Problem]:
    try:
        machine = choose_cpu_pool_machine(backend, target, pool)
    except NotChosen:
        return
    cpus, memory = room_of(machine.vcpus, machine.memory_gib)
    for field, wanted, there in (("vcpus", notebooks.vcpus, cpus), ("memory_gib", notebooks.memory_gib, memory)):
        if wanted > there:
            yield backend.refuse(
                f"cluster.notebooks.{field}",
                f"{wanted:g}",
                f"at most {floor(there * 10) / 10:g}: {pool.name} has {machine.machine_type} with {machine.vcpus:g} "
                f"CPUs and {machine.memory_gib:g} GiB, and the rest is the system's; a server would wait for ever",
                f"lower it, or raise {field} of the pool {pool.name}",
                fields=("training.cpu_pools",),
            )


def _zones(positions: tuple[int, ...]) -> str:
    return f"zones {', '.join(map(str, positions))}" if positions else "all zones"
