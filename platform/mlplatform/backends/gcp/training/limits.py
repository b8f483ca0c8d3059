"""What GCP refuses in the cluster and its pools. Imports no SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mlplatform.backends.gcp.network.limits import problem
from mlplatform.backends.gcp.network.zones import offering, pool_zones, starting, zones
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.machine import GpuMachine
from mlplatform.components.backend import Backend
from mlplatform.components.problems import (
    ReservationForm,
    local_disk_problems,
    pool_machine,
    reservation_problems,
    system_pool_problems,
    zone_problems,
)
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.training import GpuPoolSpec, TrainingSpec

DOMAIN_NODES = 18
"""Machines of one NVLink domain of GB200, and so of one pool."""

FABRIC_NODES = 1000
"""Machines that the extra networks of the fabric have addresses for."""

_DRANET = (1, 34)
_RESERVATION = ReservationForm(
    pattern=re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?|projects/[^/]+/reservations/[^/]+(/reservationBlocks/[^/]+)?"),
    words="a reservation's name, or its path where another project shares it",
    example="my-reservation or projects/OWNER/reservations/my-reservation",
)
_RESERVED = re.compile(r"(^|\.)(kubernetes\.io|k8s\.io|gke\.io)$|^cloud\.google\.com$")


def training_problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """What GCP refuses in the cluster and its pools."""
    training = spec.training
    if training is None:
        return
    yield from system_pool_problems(backend, target, spec)
    in_use = zones(spec, target, backend.catalog)
    for index, pool in enumerate(training.pools):
        path = f"training.pools[{index}]"
        yield from _labels(path, pool)
        found = [
            *zone_problems(backend, target, path, pool, in_use),
            *reservation_problems(backend, target, path, pool, in_use, _RESERVATION),
        ]
        yield from found
        choice = pool_machine(backend, target, path, pool)
        if isinstance(choice, Problem):
            yield choice
        elif not found:
            yield from _machine(path, pool, choice.machine, target, in_use)
            yield from local_disk_problems(backend, path, pool, choice.machine)
            yield from _fabric(path, pool, choice.machine, training, target)
    fabric = sum(pool.max_nodes for pool in training.pools if pool.fabric)
    if fabric > FABRIC_NODES:
        yield problem(
            "training.pools",
            f"{fabric} machines with fabric",
            f"at most {FABRIC_NODES}, for which the fabric's networks have addresses",
            "lower max_nodes of the pools with fabric",
        )


def _labels(path: str, pool: GpuPoolSpec) -> Iterator[Problem]:
    for key in pool.labels:
        prefix = key.rpartition("/")[0]
        if _RESERVED.search(prefix):
            yield problem(
                f"{path}.labels",
                key,
                f"a label that a pool may set; {prefix} is reserved for Kubernetes and GKE",
                "use a prefix of your own, for example your domain",
            )


def _machine(
    path: str, pool: GpuPoolSpec, machine: GpuMachine, target: GcpTarget, in_use: Sequence[str]
) -> Iterator[Problem]:
    there = offering(machine, target, in_use)
    known = machine.offered.zones_in(target.region)
    wrong = [zone for zone in pool_zones(pool, machine, target, in_use) if zone not in there]
    if not there or wrong:
        yield problem(
            f"{path}.zones",
            ", ".join(wrong or in_use),
            f"a zone that has {machine.machine_type}: {', '.join(known)}",
            f"put {known[0]} into the target's zones, or choose another accelerator"
            if not there
            else f"use {in_use.index(there[0]) + 1}, or leave zones out",
        )
    if starting(pool.min_nodes, pool.max_nodes, len(pool.zones)) < len(pool.zones):
        yield problem(
            f"{path}.min_nodes",
            str(pool.min_nodes),
            f"a number with which the pool can start: GKE starts equally many nodes in each of its {len(pool.zones)} "
            f"zones, which is more than max_nodes, {pool.max_nodes}",
            "name one zone, or none, or raise max_nodes",
        )
    if machine.accelerator.name == "GB200" and pool.max_nodes > DOMAIN_NODES:
        yield problem(
            f"{path}.max_nodes",
            str(pool.max_nodes),
            f"at most {DOMAIN_NODES}: a pool of GB200 machines is one NVLink domain",
            f"lower it to {DOMAIN_NODES}, and add pools",
        )


def _fabric(
    path: str, pool: GpuPoolSpec, machine: GpuMachine, training: TrainingSpec, target: GcpTarget
) -> Iterator[Problem]:
    if not pool.fabric or machine.fabric is None:
        return
    if machine.fabric.kind != "roce":
        if target.network and target.network.project not in (None, target.project):
            yield problem(
                f"{path}.fabric",
                "True",
                f"all networks of a node in one project: {machine.machine_type} needs more of them, and the adopted "
                f"one is {target.network.project}'s",
                "use H200:8 or B200:8, whose networks GKE makes itself, or a network of the target's own project",
            )
        return
    if machine.accelerator.name == "GB200":
        yield problem(
            f"{path}.fabric",
            "True",
            "an accelerator whose fabric GKE sets up by itself: A4X needs hand-made RDMA networks per zone",
            "use B200:8 or H200:8, or set fabric to false and stay inside one NVLink domain",
        )
    if tuple(map(int, training.kubernetes_version.split("."))) < _DRANET:
        yield problem(
            "training.kubernetes_version",
            training.kubernetes_version,
            f"at least 1.34, whose GKE sets up the fabric of {machine.machine_type}",
            "raise it to 1.34 or later",
        )
