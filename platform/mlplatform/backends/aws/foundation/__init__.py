"""The account's own switches, which everything else comes after."""

FACE = ("foundation", "parts")
"""Modules of this room that others may import; the rest is private to it."""
