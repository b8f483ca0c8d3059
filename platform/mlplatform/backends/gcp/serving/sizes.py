"""Size of one replica, and the utilization at which another one is added. Imports no SDK."""

from __future__ import annotations

from mlplatform.catalog.catalog import Choice
from mlplatform.components.backend import Backend
from mlplatform.components.selection import choose_cpu
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.replicas import AutoscalingSpec
from mlplatform.spec.target import Target

ROUTER_CPUS = 1
"""CPUs of one instance of the router."""

ROUTER_CONCURRENCY = 250
"""Most requests in flight in one instance of the router."""

MAX_CPUS, MAX_MEMORY_GIB = 8, 32
"""Largest instance without GPU, https://docs.cloud.google.com/run/docs/configuring/services/memory-limits"""

MIN_UTILIZATION, MAX_UTILIZATION = 0.1, 0.95
"""Utilizations that Cloud Run can target,
https://docs.cloud.google.com/run/docs/configuring/services/scaling-controls"""


@record()
class Size:
    """CPUs, memory and GPU of one replica."""

    cpus: int
    """CPUs: 1, 2, 4, 6 or 8; more with an RTX PRO 6000."""

    memory_gib: int
    """Memory, GiB."""

    accelerator: str | None = None
    """Cloud Run's name of the GPU; None for CPU."""

    @property
    def limits(self) -> dict[str, str]:
        """Resource limits for Cloud Run."""
        limits = {"cpu": str(self.cpus), "memory": f"{self.memory_gib}Gi"}
        return {**limits, "nvidia.com/gpu": "1"} if self.accelerator else limits


def replica_size(backend: Backend, target: Target, endpoint: EndpointSpec, choice: Choice | None) -> Size:
    """The size of one replica.

    Raises:
        NotChosen: Cloud Run has none that large; validation refuses that first.
    """
    if choice:
        machine = choice.machine
        return Size(int(machine.vcpus), int(machine.memory_gib), machine.accelerator_type)
    cpus = int(choose_cpu(backend, target, endpoint.cpu.vcpus, endpoint.cpu.memory_gib, "zero").vcpus)
    return Size(cpus, max(endpoint.cpu.memory_gib, _least_memory(cpus)))


def _least_memory(cpus: int) -> int:
    """https://docs.cloud.google.com/run/docs/configuring/services/memory-limits"""
    return 1 if cpus < 4 else 2 if cpus == 4 else 4


def target_utilization(autoscaling: AutoscalingSpec, max_concurrency: int) -> float:
    """The target as a share of one replica's capacity, as Cloud Run expects it."""
    whole = max_concurrency if autoscaling.metric == "concurrency" else 100
    return round(autoscaling.target / whole, 4)
