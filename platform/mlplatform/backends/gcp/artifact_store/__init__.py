"""The buckets of the artifact store, their copies in a second region, and grants on them."""

FACE = ("artifact_store", "limits", "parts")
"""Modules of this room that others may import; the rest is private to it."""
