"""The monthly budget."""

FACE = ("budget",)
"""Modules of this room that others may import; the rest is private to it."""
