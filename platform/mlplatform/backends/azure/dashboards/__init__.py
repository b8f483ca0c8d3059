"""Where the figures of dashboards are on this cloud. Imports no SDK."""

FACE = ("grafana", "panels")
"""Modules of this room that others may import; the rest is private to it."""
