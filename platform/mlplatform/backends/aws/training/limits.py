"""Problems of a cluster and its pools on EKS. Imports no SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.backends.aws.network.zones import zones_in_use
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.training.pods import OWN_PODS, most_pods
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
    system_pool_problems,
    unused_reservations,
    zone_problems,
)
from mlplatform.components.shared_gpus import shared_gpu_problems
from mlplatform.components.system_room import PodsAsked
from mlplatform.components.team_problems import team_problems
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.training import GpuPoolSpec

_RESERVATION = ReservationForm(
    pattern=re.compile(r"cr-[0-9a-f]{8,17}"),
    words="a capacity reservation's id",
    example="cr-0123456789abcdef0",
    short="cr-…",
)
_KEY_LIMIT = 63
"""Longest label or taint key of a node group, https://docs.aws.amazon.com/eks/latest/APIReference/API_Taint.html"""

MOST_PUBLIC_RANGES = 40
"""https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html, not adjustable (2026-11-30)"""

MOST_PRIVATE_RANGES = 50
"""Each is a rule of the control plane's security group, which has 60 and some of the platform's own,
https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html (2026-11-30)"""


def _file_system_range(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    wanted = created_file_system(spec)
    if wanted and wanted.cidr:
        yield f"{CREATED}.cidr", str(wanted.cidr)


LIMITS = (
    Limit(
        field=f"{CREATED}.cidr",
        support="unsupported",
        reason="FSx for Lustre takes addresses of the private subnet of its zone",
        alternative="omit it",
        violations=_file_system_range,
    ),
    Limit(
        field="training.holds",
        support="partial",
        reason="EKS replaces no node and raises no version by itself before the end of support; node groups change "
        "only by `up`",
        alternative="hold back changes of the spec for that time",
        violations=refuse_nothing,
    ),
    *no_flex_start(
        "EC2 starts machines at once or not at all: it keeps no request until all of them are there",
        "override the pool's capacity in the target: a capacity block for a window bought in advance, spot, or "
        "on-demand, for which the layer's queue tries again",
    ),
)
"""Fields of the cluster that AWS does not honour, or honours without doing anything."""


AUTOSCALER = PodsAsked("cluster-autoscaler", 2, 0.1, 300 / 1024)
"""The autoscaler, as the layer runs it on the system pool."""


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Everything EKS refuses in the cluster and its pools."""
    if spec.training is None:
        return
    yield from kubernetes_problems(backend, target, spec.training)
    yield from system_pool_problems(backend, target, spec)
    yield from range_problems(backend, spec.training, public=MOST_PUBLIC_RANGES, private=MOST_PRIVATE_RANGES)
    yield from team_problems(backend, target, spec)
    yield from unused_reservations(backend, target, spec)
    yield from cluster_endpoint_problems(backend, target, spec)
    yield from addon_problems(backend, target, spec)
    yield from system_room_problems(backend, target, spec, (AUTOSCALER,))
    zones = zones_in_use(spec, target, backend.catalog)
    for index, pool in enumerate(spec.training.pools):
        path = f"training.pools[{index}]"
        yield from zone_problems(backend, target, path, pool, zones)
        yield from reservation_problems(backend, target, path, pool, zones, _RESERVATION)
        machine = pool_machine(backend, target, path, pool)
        if isinstance(machine, Problem):
            # no machine is sold so, which the limit says already
            if pool.capacity != "flex-start":
                yield machine
        else:
            yield from local_disk_problems(backend, path, pool, machine.machine)
            yield from shared_gpu_problems(
                backend,
                path,
                pool,
                machine.machine,
                most=most_pods(machine.machine),
                own=OWN_PODS,
                limit=f"the network of {machine.machine.machine_type}",
            )
        yield from _key_problems(path, pool, backend)
    for index, cpu_pool in enumerate(spec.training.cpu_pools):
        path = f"training.cpu_pools[{index}]"
        yield from zone_problems(backend, target, path, cpu_pool, zones)
        yield from cpu_pool_problems(backend, target, path, cpu_pool)
        yield from _key_problems(path, cpu_pool, backend)


def _key_problems(path: str, pool: GpuPoolSpec | CpuPoolSpec, backend: Backend) -> Iterator[Problem]:
    keys = [("labels", key) for key in pool.labels] + [("taints", taint.key) for taint in pool.taints]
    for field, key in keys:
        if len(key) > _KEY_LIMIT:
            yield backend.refuse(f"{path}.{field}", key, f"at most {_KEY_LIMIT} characters on EKS", "shorten the key")
