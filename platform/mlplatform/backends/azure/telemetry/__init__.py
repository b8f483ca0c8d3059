"""Stores of logs and metrics: log workspace, Application Insights, Prometheus, Grafana, diagnostic settings."""

FACE = ("diagnostics", "limits", "parts", "telemetry")
"""Modules of this room that others may import; the rest is private to it."""
