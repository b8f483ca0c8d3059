"""Limits of the cluster and its pools on GCP. Imports no SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mlplatform.backends.gcp.network.pods import MOST_PODS, OWN_PODS
from mlplatform.backends.gcp.network.zones import (
    cpu_pool_zones,
    pool_zones,
    startable_zones,
    zones_in_use,
    zones_with_machine,
)
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.catalog import NotOffered
from mlplatform.catalog.machine import GpuMachine, Machine
from mlplatform.components.addon_problems import addon_problems
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.cluster_serving import cluster_endpoint_problems
from mlplatform.components.kubernetes import kubernetes_problems
from mlplatform.components.layer_pods import system_room_problems
from mlplatform.components.limits import refuse_nothing
from mlplatform.components.problems import (
    ReservationForm,
    cpu_pool_problems,
    local_disk_problems,
    pool_machine,
    reservation_problems,
    system_pool_problems,
    unused_reservations,
    zone_problems,
)
from mlplatform.components.shared_gpus import shared_gpu_problems
from mlplatform.components.team_problems import team_problems
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.training import GpuPoolSpec, TrainingSpec

DOMAIN_NODES = 18
"""Most machines of one NVLink domain of GB200, and so of one pool."""

FABRIC_NODES = 1000
"""Most machines that the extra networks of the fabric have addresses for."""

_DRANET = (1, 34)
_RESERVATION = ReservationForm(
    pattern=re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?|projects/[^/]+/reservations/[^/]+(/reservationBlocks/[^/]+)?"),
    words="a reservation's name, or its path where another project shares it",
    example="my-reservation or projects/OWNER/reservations/my-reservation",
)


LIMITS = tuple(
    Limit(
        field=f"training.pools.capacity.{field}",
        support="partial",
        reason="the calendar reservation itself starts and ends; outside that time the pool gets no machines",
        alternative="set it to the reservation's own time; it is checked, and AWS schedules by it",
        violations=refuse_nothing,
    )
    for field in ("starts", "ends")
)
"""Fields of the cluster and its pools that GCP honours only in part."""


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Machines, zones, reservations and fabric that a pool cannot have on GCP."""
    training = spec.training
    if training is None:
        return
    yield from kubernetes_problems(backend, target, training)
    yield from system_pool_problems(backend, target, spec)
    yield from team_problems(backend, target, spec)
    yield from unused_reservations(backend, target, spec)
    yield from cluster_endpoint_problems(backend, target, spec)
    yield from addon_problems(backend, target, spec)
    yield from system_room_problems(backend, target, spec)
    in_use = zones_in_use(spec, target, backend.catalog)
    for index, pool in enumerate(training.pools):
        path = f"training.pools[{index}]"
        place_problems = [
            *zone_problems(backend, target, path, pool, in_use),
            *reservation_problems(backend, target, path, pool, in_use, _RESERVATION),
        ]
        yield from place_problems
        choice = pool_machine(backend, target, path, pool)
        if isinstance(choice, Problem):
            yield choice
        elif not place_problems:
            yield from _machine(path, pool, choice.machine, target, in_use, backend)
            yield from local_disk_problems(backend, path, pool, choice.machine)
            yield from shared_gpu_problems(
                backend, path, pool, choice.machine, most=MOST_PODS, own=OWN_PODS, limit="GKE"
            )
            yield from _fabric(path, pool, choice.machine, training, target, backend)
            yield from _flex_start(path, pool, backend)
    for index, pool in enumerate(training.cpu_pools):
        yield from _cpu_pool(f"training.cpu_pools[{index}]", pool, target, in_use, backend)
    fabric = sum(pool.max_nodes for pool in training.pools if pool.fabric)
    if fabric > FABRIC_NODES:
        yield backend.refuse(
            "training.pools",
            f"{fabric} machines with fabric",
            f"at most {FABRIC_NODES}: the networks of the fabric have no more addresses",
            "lower max_nodes of the pools with fabric",
        )


def _cpu_pool(
    path: str, pool: CpuPoolSpec, target: GcpTarget, in_use: Sequence[str], backend: Backend
) -> Iterator[Problem]:
    place_problems = list(zone_problems(backend, target, path, pool, in_use))
    yield from place_problems
    machine = backend.catalog.cpu(pool.vcpus, pool.memory_gib, "training", target.region)
    if isinstance(machine, NotOffered):
        yield from cpu_pool_problems(backend, target, path, pool)
    elif not place_problems:
        yield from _places(path, pool, machine, cpu_pool_zones(pool, machine, target, in_use), target, in_use, backend)


def _machine(
    path: str, pool: GpuPoolSpec, machine: GpuMachine, target: GcpTarget, in_use: Sequence[str], backend: Backend
) -> Iterator[Problem]:
    yield from _places(path, pool, machine, pool_zones(pool, machine, target, in_use), target, in_use, backend)
    if machine.accelerator.name == "GB200" and pool.max_nodes > DOMAIN_NODES:
        yield backend.refuse(
            f"{path}.max_nodes",
            str(pool.max_nodes),
            f"at most {DOMAIN_NODES}: a pool of GB200 machines is one NVLink domain",
            f"lower it to {DOMAIN_NODES}, and add pools",
        )


def _flex_start(path: str, pool: GpuPoolSpec, backend: Backend) -> Iterator[Problem]:
    if pool.capacity == "flex-start" and pool.sharing:
        yield backend.refuse(
            f"{path}.sharing",
            pool.sharing.kind,
            "none with capacity flex-start: GKE counts the machines of a request by whole GPUs",
            "remove sharing, or set capacity to on-demand or spot",
        )


def _places(
    path: str,
    pool: GpuPoolSpec | CpuPoolSpec,
    machine: Machine,
    zones: Sequence[str],
    target: GcpTarget,
    in_use: Sequence[str],
    backend: Backend,
) -> Iterator[Problem]:
    """Zones of a pool that lack its machine, or in which it cannot start with as few nodes as it may have."""
    offered = zones_with_machine(machine, target, in_use)
    known = machine.offered.zones_in(target.region)
    wrong = [zone for zone in zones if zone not in offered]
    if not offered or wrong:
        yield backend.refuse(
            f"{path}.zones",
            ", ".join(wrong or in_use),
            f"a zone that has {machine.machine_type}: {', '.join(known)}",
            f"add {known[0]} to the target's zones, or choose another machine"
            if not offered
            else f"use {in_use.index(offered[0]) + 1}, or omit zones",
        )
    if startable_zones(pool.min_nodes, pool.max_nodes, len(pool.zones)) < len(pool.zones):
        yield backend.refuse(
            f"{path}.min_nodes",
            str(pool.min_nodes),
            f"a number with which the pool can start: GKE starts equally many nodes in each of its {len(pool.zones)} "
            f"zones, together more than max_nodes, {pool.max_nodes}",
            "name one zone, or none, or raise max_nodes",
        )


def _fabric(
    path: str, pool: GpuPoolSpec, machine: GpuMachine, training: TrainingSpec, target: GcpTarget, backend: Backend
) -> Iterator[Problem]:
    if not pool.fabric or machine.fabric is None:
        return
    if machine.fabric.kind != "roce":
        if target.network and target.network.project not in (None, target.project):
            yield backend.refuse(
                f"{path}.fabric",
                "True",
                f"all networks of a node in one project: {machine.machine_type} needs extra networks, and the existing "
                f"network belongs to {target.network.project}",
                "use H200:8 or B200:8, whose networks GKE creates, or a network of the target's own project",
            )
        return
    if machine.accelerator.name == "GB200":
        yield backend.refuse(
            f"{path}.fabric",
            "True",
            "an accelerator whose fabric GKE sets up: A4X needs RDMA networks that you create per zone",
            "use B200:8 or H200:8, or set fabric to false and stay inside one NVLink domain",
        )
    if tuple(map(int, training.kubernetes_version.split("."))) < _DRANET:
        yield backend.refuse(
            "training.kubernetes_version",
            training.kubernetes_version,
            f"at least 1.34: earlier versions do not set up the fabric of {machine.machine_type}",
            "raise it to 1.34 or later",
        )
