"""Identities of workloads, CI and people, the tokens that they trust, and the roles that they are granted."""

FACE = ("existing_identity", "federation", "grants", "identity", "limits", "parts", "pods", "team")
"""Modules of this room that others may import; the rest is private to it."""
