"""Pipelines on Vertex AI: what is refused."""

FACE = ("limits",)
