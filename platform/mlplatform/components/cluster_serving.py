"""Endpoints on the training cluster: whether their pool can hold them, and what else they need. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.catalog import Choice, NotOffered
from mlplatform.components.backend import Backend
from mlplatform.components.cluster_rollouts import most_replicas
from mlplatform.components.cuda import cuda_problems
from mlplatform.components.model_servers import CUDA_CODE
from mlplatform.components.replica_groups import replica_group_problems
from mlplatform.components.selection import try_pool
from mlplatform.components.shared_gpus import gpu_clients
from mlplatform.spec.capacity import CapacityBlock
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target
from mlplatform.spec.training import GpuPoolSpec

NODE_PART = 0.7
"""Part of a node's CPUs and memory that its pods may ask for: the rest is the system's and the daemons'."""


def copies(endpoint: EndpointSpec) -> int:
    """Sets of replicas of an endpoint: one of each variant, and one of the shadow."""
    return len(endpoint.all_variants()) + (1 if endpoint.shadow else 0)


def replica_gpus(endpoint: EndpointSpec, choice: Choice | None) -> int:
    """Devices of one replica on its pool's machine; 0 on a pool without."""
    if choice is None:
        return 0
    wanted = (Accelerator.parse(name) for name in endpoint.accelerator or ())
    return next((each.count for each in wanted if each.name == choice.accelerator.name), 0)


def held_devices(spec: PlatformSpec, pool: GpuPoolSpec, choice: Choice) -> int:
    """Devices of a pool that its endpoints take at most, which no job may be promised.

    A replica is replaced by starting another one first, so that each set of replicas may have one more; a rollout that
    is measured starts all of them beside the former ones.
    """
    return sum(
        most_replicas(endpoint) * copies(endpoint) * endpoint.nodes * replica_gpus(endpoint, choice)
        for endpoint in spec.cluster_endpoints
        if endpoint.pool == pool.name
    )


def cluster_endpoint_problems(backend: Backend, target: Target, spec: PlatformSpec) -> Iterator[Problem]:
    """Endpoints that their pool cannot hold, or not always; and what else they lack on a cluster.

    Args:
        backend: the cloud.
        target: its target.
        spec: the narrowed spec.
    """
    if spec.training is None or not spec.cluster_endpoints:
        return
    if spec.network.nat == "none":
        index = next(index for index, endpoint in enumerate(spec.endpoints) if endpoint.on == "cluster")
        yield backend.refuse(
            f"endpoints[{index}].on",
            "cluster, in a network without a way to the internet",
            "a network with a NAT gateway: the router asks the cloud's public address for the keys of the cluster's "
            "tokens",
            "set network.nat to single, or leave `on` out",
            fields=("network.nat",),
        )
    yield from _identities(backend, target, spec)
    for pool in spec.training.pools:
        choice = try_pool(backend, target, pool)
        if isinstance(choice, Choice):
            yield from _on_gpus(backend, spec, pool, choice)
    for pool in spec.training.cpu_pools:
        yield from _on_cpus(backend, target, spec, pool)


def _identities(backend: Backend, target: Target, spec: PlatformSpec) -> Iterator[Problem]:
    existing = getattr(target, "existing", None)
    named = cast("Mapping[str, object]", getattr(getattr(existing, "identities", None), "endpoints", None) or {})
    for endpoint in spec.cluster_endpoints:
        if endpoint.name in named:
            yield backend.refuse(
                f"targets[{target.name}].existing.identities.endpoints.{endpoint.name}",
                "an existing identity, for an endpoint on the cluster",
                "none: only of an identity of its own can the platform say whose pods act as it",
                "omit it",
            )


def _here(spec: PlatformSpec, pool: GpuPoolSpec | CpuPoolSpec) -> Iterator[tuple[str, EndpointSpec]]:
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.on == "cluster" and endpoint.pool == pool.name:
            yield f"endpoints[{index}]", endpoint


def _on_gpus(backend: Backend, spec: PlatformSpec, pool: GpuPoolSpec, choice: Choice) -> Iterator[Problem]:
    each, machine = gpu_clients(pool, choice.machine), choice.machine
    least = 0
    for path, endpoint in _here(spec, pool):
        gpus = replica_gpus(endpoint, choice)
        if not gpus:
            yield backend.refuse(
                f"{path}.accelerator",
                ", ".join(endpoint.accelerator or ()) or "nothing",
                f"{choice.accelerator.name}, the accelerator of the pool {pool.name}",
                f'write "{choice.accelerator.name}:1", or choose another pool',
                fields=("training.pools",),
            )
            continue
        yield from replica_group_problems(backend, path, endpoint, pool, choice, gpus, each)
        most = 1 if pool.sharing else each
        if gpus > most:
            yield backend.refuse(
                f"{path}.accelerator",
                f"{gpus} devices a replica",
                f"at most {most}: they are of one node"
                + (", and pods take one part of shared GPUs" if pool.sharing else f" of {pool.name}, with {each}"),
                f'write "{choice.accelerator.name}:{most}", or choose another pool',
                fields=("training.pools",),
            )
        own = endpoint.image or all(variant.image for variant in endpoint.all_variants())
        if machine.accelerator.model.vendor != "nvidia" and not own:
            yield backend.refuse(
                f"{path}.image",
                "nothing",
                f"an image for {choice.accelerator.name}: the public one of {endpoint.server} is for NVIDIA's GPUs",
                "name an image that is built for these devices",
            )
        yield from cuda_problems(backend, path, endpoint, choice, CUDA_CODE.get(endpoint.server))
        if isinstance(pool.capacity, CapacityBlock) or pool.capacity == "flex-start":
            yield backend.refuse(
                f"{path}.pool",
                pool.name,
                "a pool whose machines do not end: those of flex-start do after a time"
                if pool.capacity == "flex-start"
                else "a pool that does not end: its capacity block does",
                "choose a pool on demand, spot, or of a reservation",
                fields=("training.pools",),
            )
        shares = each // gpus if gpus <= each else 1
        yield from _fits(
            backend, path, endpoint, machine.vcpus / max(1, shares), machine.memory_gib / max(1, shares), "replica"
        )
        least += endpoint.replicas[0] * copies(endpoint) * endpoint.nodes * gpus
    if least > pool.min_nodes * each:
        yield from _keeps(backend, spec, pool, -(-least // each), f"{least} devices of which {each} are on a node")
    held = held_devices(spec, pool, choice)
    if held > pool.max_nodes * each:
        yield from _more(backend, spec, pool, -(-held // each), f"{held} devices of which {each} are on a node")


def _on_cpus(backend: Backend, target: Target, spec: PlatformSpec, pool: CpuPoolSpec) -> Iterator[Problem]:
    machine = backend.catalog.cpu(pool.vcpus, pool.memory_gib, "training", target.location)
    if isinstance(machine, NotOffered):
        return
    least = most = 0.0
    for path, endpoint in _here(spec, pool):
        if endpoint.accelerator:
            yield backend.refuse(
                f"{path}.accelerator",
                ", ".join(endpoint.accelerator),
                f"none: the pool {pool.name} has no accelerators",
                "remove accelerator, or choose a pool that has it",
                fields=("training.cpu_pools",),
            )
            continue
        if endpoint.nodes > 1:
            yield backend.refuse(
                f"{path}.nodes",
                str(endpoint.nodes),
                f"1 on the pool {pool.name}: a replica over several nodes is for models that are larger than the GPUs "
                "of one",
                "set nodes to 1, or choose a pool with GPUs and a fabric",
                fields=("training.cpu_pools",),
            )
        yield from _fits(backend, path, endpoint, machine.vcpus, machine.memory_gib, "node")
        size = endpoint.cpu
        part = max(size.vcpus / machine.vcpus, size.memory_gib / machine.memory_gib) / NODE_PART
        # whole replicas alone fit on a node
        part = 1 / int(1 / part) if part <= 1 else 1.0
        least += endpoint.replicas[0] * copies(endpoint) * part
        most += most_replicas(endpoint) * copies(endpoint) * part
    if _up(least) > pool.min_nodes:
        yield from _keeps(backend, spec, pool, _up(least), "the CPUs and memory that they ask for")
    if _up(most) > pool.max_nodes:
        yield from _more(backend, spec, pool, _up(most), "the CPUs and memory that they ask for")


def _up(nodes: float) -> int:
    return int(nodes) + (nodes - int(nodes) > 1e-9)


def _fits(
    backend: Backend, path: str, endpoint: EndpointSpec, vcpus: float, memory_gib: float, of: str
) -> Iterator[Problem]:
    """A replica that asks for more CPU or memory than the system leaves of its node, or of its part of the node."""
    size = endpoint.cpu
    most_cpus, most_memory = int(vcpus * NODE_PART), int(memory_gib * NODE_PART)
    if size.vcpus > most_cpus or size.memory_gib > most_memory:
        yield backend.refuse(
            f"{path}.cpu",
            f"{size.vcpus} vCPUs and {size.memory_gib} GiB",
            f"at most {most_cpus} vCPUs and {most_memory} GiB: {int(NODE_PART * 100)} % of what a {of} has on the pool "
            f"{endpoint.pool}, since the rest is the system's",
            "ask for less, or choose a pool with larger machines",
            fields=("training",),
        )


def _first(spec: PlatformSpec, pool: GpuPoolSpec | CpuPoolSpec) -> str:
    return next(path for path, _ in _here(spec, pool))


def _keeps(
    backend: Backend, spec: PlatformSpec, pool: GpuPoolSpec | CpuPoolSpec, nodes: int, what: str
) -> Iterator[Problem]:
    yield backend.refuse(
        f"{_first(spec, pool)}.replicas",
        f"endpoints that need {nodes} nodes of {pool.name} at least, which keeps {pool.min_nodes}",
        f"a pool that keeps the nodes of the least replicas: {what}; without them an endpoint waits for a machine that "
        "a cloud may not have, and the estimate lacks it",
        f"set min_nodes of {pool.name} to {nodes}, or lower replicas",
        fields=("training",),
    )


def _more(
    backend: Backend, spec: PlatformSpec, pool: GpuPoolSpec | CpuPoolSpec, nodes: int, what: str
) -> Iterator[Problem]:
    yield backend.refuse(
        f"{_first(spec, pool)}.replicas",
        f"endpoints that need {nodes} nodes of {pool.name} at most, which has {pool.max_nodes}",
        "a pool for the most replicas and for those that replace them, one more of each variant or, in a rollout that "
        f"is measured, all of them again: {what}",
        f"set max_nodes of {pool.name} to at least {nodes}, or lower replicas",
        fields=("training",),
    )
