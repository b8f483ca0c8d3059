"""The EKS cluster and its GPU pools, or an existing cluster."""

FACE = (
    "cluster",
    "cpu_pool",
    "existing_cluster",
    "file_system",
    "file_system_sizes",
    "limits",
    "node_image",
    "node_pool",
    "parts",
    "tunnel",
)
"""Modules of this room that others may import; the rest is private to it."""
