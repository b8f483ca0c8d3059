"""Customer-managed KMS keys, one per purpose, and their policies."""

FACE = ("existing_keys", "key_policy", "keys", "parts")
"""Modules of this room that others may import; the rest is private to it."""
