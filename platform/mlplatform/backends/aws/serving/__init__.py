"""SageMaker endpoints with rollout, autoscaling, alarms and dashboard."""

FACE = ("endpoint", "limits", "on_cluster", "parts")
"""Modules of this room that others may import; the rest is private to it."""
