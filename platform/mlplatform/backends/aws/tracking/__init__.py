"""The tracking server's database on RDS."""

FACE = ("database", "limits")
"""Modules of this room that others may import; the rest is private to it."""
