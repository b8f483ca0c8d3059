"""Endpoints on GPUs that Cloud Run has not, as endpoints of Vertex AI: a declared workflow deploys their models."""

FACE = ("endpoint", "limits", "names")
"""Modules of this room that others may import; the rest is private to it."""
