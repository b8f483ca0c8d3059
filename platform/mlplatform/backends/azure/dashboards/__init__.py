"""Where the figures of dashboards are on this cloud. Imports no SDK."""

FACE = ("panels",)
"""Modules of this room that others may import; the rest is private to it."""
