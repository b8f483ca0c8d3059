"""The tracking server's database on Cloud SQL."""

FACE = ("client", "database", "limits", "service")
"""Modules of this room that others may import; the rest is private to it."""
