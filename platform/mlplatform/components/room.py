"""What a node has for jobs beside the system's pods."""

JOBS_PART = 0.7
"""Part of a node's CPUs and memory that its jobs may ask for: the rest is the system's and the daemons'. Kubernetes
itself keeps up to a fifth of a small machine's memory, and a job that asks for more than is left never starts."""

_KEPT_CPUS, _KEPT_GIB = 1.15, 3.5
"""What the system and the daemons of a small node keep at least: the clouds reserve 0.1 CPUs and 1.9 GiB of a machine
with 8 GiB, and agents of logs, metrics, network and volumes ask for up to one CPU and 1.5 GiB together,
https://docs.cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes,
https://learn.microsoft.com/azure/aks/node-resource-reservations"""


def room_of(vcpus: float, memory_gib: float) -> tuple[float, float]:
    """CPUs and memory (GiB) of a node that its jobs may ask for.

    Args:
        vcpus: of its machine.
        memory_gib: of its machine.
    """
    return min(vcpus * JOBS_PART, vcpus - _KEPT_CPUS), min(memory_gib * JOBS_PART, memory_gib - _KEPT_GIB)
