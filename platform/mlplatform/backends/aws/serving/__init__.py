"""SageMaker endpoints with rollout, autoscaling, alarms and dashboard."""

FACE = ("endpoint", "limits", "on_cluster", "parts", "pod_secrets")
"""Modules of this room that others may import; the rest is private to it."""
