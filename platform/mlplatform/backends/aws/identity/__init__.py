"""IAM roles of workloads, CI and people, and their trust policies."""

FACE = ("existing_identity", "identity", "limits", "parts", "pods", "team", "trust")
"""Modules of this room that others may import; the rest is private to it."""
