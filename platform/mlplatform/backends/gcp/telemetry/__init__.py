"""The destination of logs and metrics: the log bucket, Managed Prometheus and Grafana."""

FACE = ("limits", "parts", "telemetry")
"""Modules of this room that others may import; the rest is private to it."""
