"""The project's monthly budget."""

FACE = ("budget", "limits")
"""Modules of this room that others may import; the rest is private to it."""
