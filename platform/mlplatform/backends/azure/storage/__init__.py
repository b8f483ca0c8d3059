"""Hardened storage accounts: the artifact store, flow logs, models and pipelines are made of them."""

FACE = ("storage_account",)
"""Modules of this room that others may import; the rest is private to it."""
