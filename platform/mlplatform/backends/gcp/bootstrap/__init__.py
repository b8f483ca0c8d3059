"""What an account on GCP needs before the first `up`: state, identities and rights. Imports no SDK."""

FACE = ("bootstrap", "rights", "steps")
"""Modules of this room that others may import; the rest is private to it."""
