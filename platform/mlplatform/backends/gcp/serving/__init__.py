"""Endpoints on Cloud Run: model servers, the router before them, rollouts, alerts; on larger GPUs on Vertex AI."""

FACE = ("charts", "endpoint", "limits", "on_cluster", "parts", "pod_secrets")
"""Modules of this room that others may import; the rest is private to it."""
