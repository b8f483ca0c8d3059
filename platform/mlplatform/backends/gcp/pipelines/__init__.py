"""Pipelines on Vertex AI: their form, and what is refused."""

FACE = ("form", "limits", "workflows")
