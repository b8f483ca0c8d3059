"""Alarms, dashboards and routes of the platform, and the primitives that build them."""

FACE = ("alarms", "dashboards", "event_alerts", "limits", "monitoring", "parts", "routes")
"""Modules of this room that others may import; the rest is private to it."""
