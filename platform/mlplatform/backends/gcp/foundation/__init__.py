"""Enabled services, their agents and the project's audit log: everything else needs them."""

FACE = ("foundation", "parts", "propagation")
"""Modules of this room that others may import; the rest is private to it."""
