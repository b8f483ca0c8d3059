"""Alarms, dashboards and alert routes of the platform."""

FACE = ("alarms", "dashboards", "limits", "monitoring", "parts", "prometheus_rule", "routes")
"""Modules of this room that others may import; the rest is private to it."""
