"""Vaults for keys and secrets, and an encryption key per purpose."""

FACE = ("existing_keys", "keys", "parts")
"""Modules of this room that others may import; the rest is private to it."""
