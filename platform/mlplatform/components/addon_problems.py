"""Problems of a target's add-ons, in the same words on every cloud: pods that would never start. Imports no SDK."""

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
from mlplatform.spec.training import GpuPoolSpec, TrainingSpec


def addon_problems(backend: Backend, target: Target, spec: PlatformSpec) -> Iterator[Problem]:
    """Workflows without any pool, and pools on which no notebook starts.

    Args:
        backend: the cloud.
        target: its target.
        spec: the narrowed spec.
    """
    if spec.cluster is None or spec.training is None:
        return
    if "argo-workflows" in spec.cluster.addons and not spec.training.all_pools:
        yield backend.refuse(
            "cluster.addons",
            "argo-workflows, and no pool on this target",
            "a pool for the steps: the system's nodes have no queue, and every step would wait for ever",
            "add a pool to training.cpu_pools, or remove argo-workflows",
            fields=("training.pools", "training.cpu_pools"),
        )
    if spec.cluster.notebooks:
        yield from _notebook_problems(backend, target, spec.cluster.notebooks, spec.training)


def _notebook_problems(
    backend: Backend, target: Target, notebooks: NotebooksSpec, training: TrainingSpec
) -> Iterator[Problem]:
    """Pools with a fabric, whose machines are waited for, or of other zones than the first, and nodes that are too
    small for a server."""
    pools = {pool.name: pool for pool in training.all_pools}
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
        if isinstance(pool, GpuPoolSpec) and pool.capacity == "flex-start":
            yield backend.refuse(
                "cluster.notebooks.pools",
                f"'{pool.name}', of flex-start machines",
                "pools whose machines come at once: a person does not wait for hours, and the hub gives up before",
                "name a pool of on-demand or spot machines",
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
