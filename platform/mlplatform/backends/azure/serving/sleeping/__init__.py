"""Endpoints that scale to zero, as Container Apps."""

FACE = ("endpoint",)
"""Modules of this room that others may import; the rest is private to it."""
