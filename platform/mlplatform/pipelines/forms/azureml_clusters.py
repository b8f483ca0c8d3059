"""The clusters on which Azure ML runs steps: their names, their sizes, and how long an idle node is kept."""

from __future__ import annotations

IDLE = "PT10M"
"""How long a node without a step is kept, an ISO 8601 duration: the next step finds it with its image."""


def cluster_name(machine: str, nodes: int) -> str:
    """Name of the cluster with machines of one size, for steps of so many nodes; at most 24 characters."""
    size = "".join(part for part in machine.removeprefix("Standard_").lower() if part.isalnum())
    return f"{size[:19]}n{nodes}"


def most_nodes(nodes: int) -> int:
    """Most nodes of a cluster for steps of so many nodes: of four steps at a time."""
    return 4 * nodes
