"""The bucket that records access to others, of the artifact store, dashboards and pipelines."""

FACE = ("access_logs",)
"""Modules of this room that others may import; the rest is private to it."""
