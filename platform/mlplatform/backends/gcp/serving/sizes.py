"""What one replica gets: CPUs, memory, a GPU; and how much of it is used before another is added. Imports no SDK."""

from __future__ import annotations

from mlplatform.catalog.catalog import Choice
from mlplatform.components.backend import Backend
from mlplatform.components.selection import choose_cpu
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import AutoscalingSpec, EndpointSpec
from mlplatform.spec.target import Target

ROUTER_CPUS = 1
"""CPUs of one instance of the router."""

ROUTER_CONCURRENCY = 250
"""Requests one instance of the router has in flight."""


MAX_CPUS, MAX_MEMORY_GIB = 8, 32
"""Largest instance without GPU, https://docs.cloud.google.com/run/docs/configuring/services/memory-limits"""

MIN_UTILIZATION, MAX_UTILIZATION = 0.1, 0.95
"""Utilisations Cloud Run can be told to hold,
https://docs.cloud.google.com/run/docs/configuring/services/scaling-controls"""


@record()
class Size:
    """What one replica gets."""

    cpus: int
    """CPUs, one of 1, 2, 4, 6, 8; more beside an RTX PRO 6000."""

    memory_gib: int
    """Memory, GiB."""

    accelerator: str | None = None
    """Cloud Run's name of the GPU; None for CPU."""

    @property
    def limits(self) -> dict[str, str]:
        """As Cloud Run writes it."""
        limits = {"cpu": str(self.cpus), "memory": f"{self.memory_gib}Gi"}
        return {**limits, "nvidia.com/gpu": "1"} if self.accelerator else limits


def replica_size(backend: Backend, target: Target, endpoint: EndpointSpec, choice: Choice | None) -> Size:
    """The size of one replica.

    Raises:
        NotChosen: Cloud Run has none that large; validation says so first.
    """
    if choice:
        machine = choice.machine
        return Size(int(machine.vcpus), int(machine.memory_gib), machine.accelerator_type)
    cpus = int(choose_cpu(backend, target, endpoint.cpu.vcpus, endpoint.cpu.memory_gib, "zero").vcpus)
    return Size(cpus, max(endpoint.cpu.memory_gib, _least_memory(cpus)))


def _least_memory(cpus: int) -> int:
    """https://docs.cloud.google.com/run/docs/configuring/services/memory-limits"""
    return 1 if cpus < 4 else 2 if cpus == 4 else 4


def utilization(autoscaling: AutoscalingSpec, max_concurrency: int) -> float:
    """The target as the share of what one replica can do, as Cloud Run takes it."""
    whole = max_concurrency if autoscaling.metric == "concurrency" else 100
    return round(autoscaling.target / whole, 4)
