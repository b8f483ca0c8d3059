"""Pods on the nodes of the system pool, and whether they fit. Imports no SDK."""

from __future__ import annotations

from mlplatform.fast.record import record

_MOST_PODS = 110
"""Most pods of a node: https://kubernetes.io/docs/setup/best-practices/cluster-large/"""


_LEAST = 1e-6
"""Less than a thousandth of a CPU, in which Kubernetes counts: sums of fractions are not exact."""


@record()
class PodsAsked:
    """Pods of one kind, and what each asks for."""

    who: str
    """Name of their Deployment or DaemonSet."""

    pods: float
    """Number of them; 1 for each node where they are daemons."""

    cpus: float
    """CPUs of one pod; 0 where it names none."""

    memory_gib: float
    """Memory of one pod, GiB; 0 where it names none."""

    daemon: bool = False
    """Whether each node has one."""

    unsaid: bool = False
    """Whether some container of it names no CPUs or no memory, so that it takes more than it asks for."""


@record()
class SystemRoom:
    """What fits onto the nodes of the system pool beside what the cloud runs there, and what the layer asks for."""

    nodes: float
    """Most nodes of the pool, over all zones."""

    node_cpus: float
    """CPUs of one node that are left: beside Kubernetes, the cloud's agents, and the layer's own daemons."""

    node_gib: float
    """Memory of one node that is left, GiB."""

    asked: tuple[PodsAsked, ...]
    """The layer's own pods, without daemons."""

    @property
    def cpus(self) -> float:
        """CPUs that all of them ask for."""
        return sum(each.pods * each.cpus for each in self.asked)

    @property
    def memory_gib(self) -> float:
        """Memory that all of them ask for, GiB."""
        return sum(each.pods * each.memory_gib for each in self.asked)

    @property
    def filled(self) -> int | None:
        """Nodes that they fill, the largest pods first; None where the pool's nodes do not hold them."""
        if any(each.cpus > self.node_cpus or each.memory_gib > self.node_gib for each in self.asked if each.pods):
            return None
        nodes: list[tuple[float, float]] = []
        for each in sorted(self.asked, key=lambda pods: (-pods.cpus, -pods.memory_gib, pods.who)):
            if each.pods > _MOST_PODS * self.nodes:
                return None
            for _ in range(round(each.pods) if each.cpus or each.memory_gib else 0):
                for number, (free_cpus, free_gib) in enumerate(nodes):
                    if each.cpus <= free_cpus + _LEAST and each.memory_gib <= free_gib + _LEAST:
                        nodes[number] = (free_cpus - each.cpus, free_gib - each.memory_gib)
                        break
                else:
                    if len(nodes) >= self.nodes:
                        return None
                    nodes.append((self.node_cpus - each.cpus, self.node_gib - each.memory_gib))
        return len(nodes)


def node_words(room: SystemRoom) -> str:
    """What a node has left, and the largest of the pods, as one sentence."""
    largest = max(room.asked, key=lambda each: (each.cpus, each.memory_gib))
    return (
        f"Each of at most {room.nodes:g} nodes has {room.node_cpus:.1f} CPUs and {room.node_gib:.1f} GiB left beside "
        f"Kubernetes and daemons; a pod of {largest.who} asks for {largest.cpus:g} CPUs and {largest.memory_gib:.2g} "
        "GiB."
    )
