"""The account's own switches, set before everything else."""

FACE = ("foundation", "parts", "policy", "propagation")
"""Modules of this room that others may import; the rest is private to it."""
