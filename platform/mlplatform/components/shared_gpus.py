"""The pods that a node with shared GPUs must hold, on every cloud. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.catalog.machine import GpuMachine
from mlplatform.components.backend import Backend
from mlplatform.spec.gpu_sharing import Mig, TimeSlicing
from mlplatform.spec.problem import Problem
from mlplatform.spec.training import GpuPoolSpec


def gpu_clients(pool: GpuPoolSpec, machine: GpuMachine) -> int:
    """Pods with a GPU that a node of the pool can run: its devices, times clients or MIG instances of each."""
    return machine.accelerator.count * _clients_of_one(pool, machine)


def shared_gpu_problems(
    backend: Backend, path: str, pool: GpuPoolSpec, machine: GpuMachine, *, most: int, own: int, limit: str
) -> Iterator[Problem]:
    """More clients of shared GPUs than the cloud lets a node run pods.

    Args:
        backend: the cloud.
        path: the pool's path.
        pool: the pool.
        machine: its machine.
        most: most pods of one of its nodes.
        own: pods that the cloud and the platform run on each node themselves.
        limit: where that number comes from, for people.
    """
    clients = gpu_clients(pool, machine)
    if pool.sharing is None or clients + own <= most:
        return
    each = (most - own) // machine.accelerator.count
    sharing = pool.sharing
    got = f"{sharing.clients} clients" if isinstance(sharing, TimeSlicing) else f"profile {sharing.profile}"
    fewer = f"set clients to at most {each}" if isinstance(sharing, TimeSlicing) else "choose a larger profile"
    yield backend.refuse(
        f"{path}.sharing",
        f"{got} on each of {machine.accelerator.count} GPUs of {machine.machine_type}",
        f"at most {most - own} pods with a GPU on a node: {limit} allows {most} pods, of which {own} are the cluster's "
        "own, and further ones would never start",
        f"{fewer}, or choose an accelerator with fewer GPUs a node"
        if each > 1 and machine.accelerator.count > 1
        else f"{fewer}, or choose an accelerator whose machine holds more pods",
    )


def _clients_of_one(pool: GpuPoolSpec, machine: GpuMachine) -> int:
    match pool.sharing:
        case TimeSlicing(clients=clients):
            return clients
        case Mig(profile=profile):
            return dict(machine.mig)[profile]
        case None:
            return 1
