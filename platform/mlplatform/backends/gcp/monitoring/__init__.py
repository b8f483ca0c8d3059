"""Notification channels, alert policies and dashboards of the whole platform."""

FACE = ("alarms", "chart", "dashboards", "limits", "monitoring", "parts", "routes")
"""Modules of this room that others may import; the rest is private to it."""
