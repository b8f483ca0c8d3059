"""What AWS refuses in a cluster and its pools. Imports no SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.backends.aws.network.limits import problem
from mlplatform.backends.aws.network.zones import zones
from mlplatform.backends.aws.target import AwsTarget
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
from mlplatform.spec.training import GpuPoolSpec

_RESERVED = re.compile(r"(^|\.)(eks\.amazonaws\.com|kubernetes\.io|k8s\.io)$")
_RESERVATION = ReservationForm(
    pattern=re.compile(r"cr-[0-9a-f]{8,17}"),
    words="a capacity reservation's id",
    example="cr-0123456789abcdef0",
    short="cr-…",
)
_ALLOWED = ("node.kubernetes.io", "kubelet.kubernetes.io")
KEY_LIMIT = 63
"""Longest label or taint key of a node group, https://docs.aws.amazon.com/eks/latest/APIReference/API_Taint.html"""


def training_problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """What AWS refuses in the cluster and its pools."""
    if spec.training is None:
        return
    yield from system_pool_problems(backend, target, spec)
    in_use = zones(spec, target, backend.catalog)
    for index, pool in enumerate(spec.training.pools):
        path = f"training.pools[{index}]"
        yield from zone_problems(backend, target, path, pool, in_use)
        yield from reservation_problems(backend, target, path, pool, in_use, _RESERVATION)
        machine = pool_machine(backend, target, path, pool)
        if isinstance(machine, Problem):
            yield machine
        else:
            yield from local_disk_problems(backend, path, pool, machine.machine)
        yield from _keys(path, pool)


def _keys(path: str, pool: GpuPoolSpec) -> Iterator[Problem]:
    named = [("labels", key) for key in pool.labels] + [("taints", taint.key) for taint in pool.taints]
    for field, key in named:
        prefix = key.rpartition("/")[0]
        if len(key) > KEY_LIMIT:
            yield problem(f"{path}.{field}", key, f"at most {KEY_LIMIT} characters on EKS", "shorten the key")
        if field == "labels" and _RESERVED.search(prefix) and prefix not in _ALLOWED:
            yield problem(
                f"{path}.{field}",
                key,
                f"a label that a node may set on itself; {prefix} is reserved",
                "use a prefix of your own, for example your domain",
            )
