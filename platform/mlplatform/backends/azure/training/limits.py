"""Limits of node pools on Azure, and problems of them and the cluster. Imports no SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.backends.azure.network.zones import zones_in_use
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.training.file_system_sizes import TIERS
from mlplatform.backends.azure.training.pods import MOST_PODS, OWN_PODS
from mlplatform.components.addon_problems import addon_problems
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.cluster_serving import cluster_endpoint_problems
from mlplatform.components.file_system_problems import CREATED
from mlplatform.components.file_system_sizes import created_file_system
from mlplatform.components.flex_start import no_flex_start
from mlplatform.components.kubernetes import kubernetes_problems
from mlplatform.components.layer_pods import system_room_problems
from mlplatform.components.limits import refuse_nothing
from mlplatform.components.problems import (
    ReservationForm,
    cpu_pool_problems,
    local_disk_problems,
    pool_machine,
    range_problems,
    reservation_problems,
    service_problems,
    system_pool_problems,
    unused_reservations,
    zone_problems,
)
from mlplatform.components.shared_gpus import shared_gpu_problems
from mlplatform.components.system_room import PodsAsked
from mlplatform.components.team_problems import team_problems
from mlplatform.spec.capacity import CapacityBlock
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.training import GpuPoolSpec

MOST_DISK_GIB = 2048
"""Largest OS disk of an AKS node, https://learn.microsoft.com/azure/aks/use-node-pools"""

_RESERVATION = ReservationForm(
    pattern=re.compile(
        r"/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/Microsoft\.Compute"
        r"/capacityReservationGroups/[^/]+",
        re.IGNORECASE,
    ),
    words="the resource id of a capacity reservation group",
    example="/subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/capacityReservationGroups/…",
    short="/subscriptions/…",
)


def _pools(spec: PlatformSpec) -> Iterator[tuple[str, GpuPoolSpec]]:
    for index, pool in enumerate(spec.training.pools if spec.training else ()):
        yield f"training.pools[{index}]", pool


def _blocks(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for path, pool in _pools(spec):
        if isinstance(pool.capacity, CapacityBlock):
            yield f"{path}.capacity", f"capacity-block '{pool.capacity.name}'"


def _fast_disks(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for path, pool in _pools(spec):
        if pool.disk_type == "fast":
            yield f"{path}.disk_type", "fast"


def _large_disks(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for path, pool in _pools(spec):
        if pool.disk_gib > MOST_DISK_GIB:
            yield f"{path}.disk_gib", str(pool.disk_gib)


def _large_cpu_disks(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, pool in enumerate(spec.training.cpu_pools if spec.training else ()):
        if pool.disk_gib > MOST_DISK_GIB:
            yield f"training.cpu_pools[{index}].disk_gib", str(pool.disk_gib)


def _fast_file_system(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    wanted = created_file_system(spec)
    if wanted and wanted.throughput not in TIERS:
        yield f"{CREATED}.throughput", str(wanted.throughput)


_NO_BLOCKS = "block capacity reservations need an API version that the provider lacks"


LIMITS: tuple[Limit, ...] = (
    Limit(
        field=f"{CREATED}.throughput",
        support="partial",
        reason="Azure Managed Lustre has at most 500 MB/s for each TiB",
        alternative="set throughput to 500, and raise capacity_gib for more",
        violations=_fast_file_system,
    ),
    *(
        Limit(
            field=f"training.pools.capacity{part}",
            support="unsupported",
            reason=_NO_BLOCKS,
            alternative="see training.pools.capacity",
            violations=refuse_nothing,
        )
        for part in ("=capacity-block", ".starts", ".ends")
    ),
    Limit(
        field="training.pools.capacity",
        support="partial",
        reason=_NO_BLOCKS,
        alternative="override the pool's capacity in the target: on-demand, spot, or a reservation of a size "
        "that has them (T4, A10, A100 of 1, 2 or 4)",
        violations=_blocks,
    ),
    *no_flex_start(
        "Azure starts machines at once or not at all: it keeps no request until all of them are there",
        "override the pool's capacity in the target: spot, or on-demand, for which the layer's queue tries again",
    ),
    Limit(
        field="training.pools.disk_type",
        support="partial",
        reason="node disks of AKS are Premium SSDs, which are faster the larger they are",
        alternative="leave disk_type balanced and raise disk_gib, or set local_nvme",
        violations=_fast_disks,
    ),
    Limit(
        field="training.pools.disk_gib",
        support="partial",
        reason=f"an AKS node's disk has at most {MOST_DISK_GIB} GiB",
        alternative=f"set disk_gib to {MOST_DISK_GIB} or less, and local_nvme for scratch space",
        violations=_large_disks,
    ),
    Limit(
        field="training.cpu_pools.disk_gib",
        support="partial",
        reason=f"an AKS node's disk has at most {MOST_DISK_GIB} GiB",
        alternative=f"set disk_gib to {MOST_DISK_GIB} or less, and give pods volumes for more",
        violations=_large_cpu_disks,
    ),
)


NETWORK_OPERATOR = (
    PodsAsked("network-operator", 1, 0.005, 0.0625),
    PodsAsked("network-operator-node-feature-discovery-gc", 1, 0.01, 0.125),
    PodsAsked("network-operator-node-feature-discovery-master", 1, 0.1, 0.125),
    PodsAsked("network-operator-node-feature-discovery-worker", 1, 0.005, 0.0625, daemon=True),
)
"""NVIDIA's network operator, as the layer runs it on the system pool where a pool has InfiniBand."""


def _operators(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[PodsAsked]:
    for pool in spec.training.pools if spec.training else ():
        machine = pool_machine(backend, target, "", pool) if pool.fabric else None
        if machine is not None and not isinstance(machine, Problem) and machine.machine.fabric:
            yield from NETWORK_OPERATOR
            return


MOST_PUBLIC_RANGES = 200
"""https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges#limitations (2026-11-30)"""


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Problems of the cluster and its pools beyond their limits."""
    if spec.training is None:
        return
    system = spec.training.system_pool
    yield from service_problems(
        backend, target, "training", target.location, "api-server-in-network", "leave training out on Azure"
    )
    yield from kubernetes_problems(backend, target, spec.training)
    yield from system_pool_problems(backend, target, spec)
    yield from range_problems(backend, spec.training, public=MOST_PUBLIC_RANGES)
    yield from team_problems(backend, target, spec)
    yield from unused_reservations(backend, target, spec)
    yield from cluster_endpoint_problems(backend, target, spec)
    yield from addon_problems(backend, target, spec)
    yield from system_room_problems(backend, target, spec, tuple(_operators(spec, target, backend)))
    least = system.min_nodes or spec.defaults.system_nodes
    if least > system.max_nodes:
        yield backend.refuse(
            "training.system_pool.max_nodes",
            system.max_nodes,
            f"at least {least}, the minimum of nodes in this environment",
            f"set max_nodes to at least {least}, or lower min_nodes",
        )
    used = zones_in_use(spec)
    for index, cpu_pool in enumerate(spec.training.cpu_pools):
        path = f"training.cpu_pools[{index}]"
        yield from zone_problems(backend, target, path, cpu_pool, used)
        yield from cpu_pool_problems(backend, target, path, cpu_pool)
    for path, pool in _pools(spec):
        yield from zone_problems(backend, target, path, pool, used)
        if not isinstance(pool.capacity, CapacityBlock) and pool.capacity != "flex-start":
            yield from reservation_problems(backend, target, path, pool, used, _RESERVATION)
            machine = pool_machine(backend, target, path, pool)
            if isinstance(machine, Problem):
                yield machine
            else:
                yield from local_disk_problems(backend, path, pool, machine.machine)
                yield from shared_gpu_problems(
                    backend, path, pool, machine.machine, most=MOST_PODS, own=OWN_PODS, limit="AKS"
                )
