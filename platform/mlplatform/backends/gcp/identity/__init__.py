"""Service accounts of workloads and CI, and the groups of people."""

FACE = ("existing_identity", "identity", "limits", "parts", "pods", "team")
"""Modules of this room that others may import; the rest is private to it."""
