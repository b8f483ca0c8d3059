"""Where logs and metrics go: the log bucket, Managed Prometheus and Grafana."""

FACE = ("limits", "parts", "telemetry")
"""Modules of this room that others may import; the rest is private to it."""
