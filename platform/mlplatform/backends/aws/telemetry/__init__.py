"""Log groups, managed Prometheus and Grafana, and the audit trail."""

FACE = ("limits", "parts", "telemetry")
"""Modules of this room that others may import; the rest is private to it."""
