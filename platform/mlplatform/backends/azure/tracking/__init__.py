"""The tracking server's database on Azure Database for PostgreSQL."""

FACE = ("client", "database", "limits", "managed", "service")
"""Modules of this room that others may import; the rest is private to it."""
