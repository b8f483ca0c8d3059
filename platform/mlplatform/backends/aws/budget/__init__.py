"""The monthly budget of the platform."""

FACE = ("budget",)
"""Modules of this room that others may import; the rest is private to it."""
