"""Storage accounts that are private and encrypted with the platform's key, for every room that needs one."""

FACE = ("storage_account",)
"""Modules of this room that others may import; the rest is private to it."""
