"""What the layer inside the cluster must know of GKE. Imports no SDK: the layer's program uses none of this cloud."""

FACE = (
    "access",
    "accounts",
    "addons",
    "airflow",
    "cpu_pools",
    "devices",
    "file_system",
    "images",
    "mounts",
    "people",
    "pods",
    "pools",
    "queue_metrics",
    "recorded",
    "router_metrics",
    "serving",
    "storage",
    "teams",
    "tracking",
)
"""Modules of this room that others may import; the rest is private to it."""
