"""The EKS cluster and its GPU pools, or an existing cluster."""

FACE = (
    "cluster",
    "cpu_pool",
    "file_system",
    "file_system_sizes",
    "existing_cluster",
    "limits",
    "node_image",
    "node_pool",
    "parts",
)
"""Modules of this room that others may import; the rest is private to it."""
