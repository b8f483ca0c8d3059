"""The artifact store: storage accounts and containers, their lifecycle, and the copy in a second region."""

FACE = ("artifact_store", "limits", "parts")
"""Modules of this room that others may import; the rest is private to it."""
