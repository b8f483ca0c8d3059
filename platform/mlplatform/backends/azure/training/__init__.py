"""The AKS cluster and its node pools."""

FACE = (
    "cluster",
    "cpu_pool",
    "existing_cluster",
    "file_system",
    "file_system_names",
    "file_system_sizes",
    "limits",
    "node_pool",
    "parts",
    "pool_nodes",
)
"""Modules of this room that others may import; the rest is private to it."""
