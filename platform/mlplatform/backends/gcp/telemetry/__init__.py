"""The destination of logs and metrics: the log bucket, Managed Prometheus and Grafana."""

FACE = ("grafana_names", "limits", "parts", "telemetry")
"""Modules of this room that others may import; the rest is private to it."""
