"""What an account on AWS needs before the first `up`: state, identities and rights. Imports no SDK."""

FACE = ("bootstrap", "rights")
"""Modules of this room that others may import; the rest is private to it."""
