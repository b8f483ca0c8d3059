"""Pipelines on Vertex AI: their form, and what is refused."""

FACE = ("dags", "door", "form", "hourly", "jobs", "limits", "pipeline", "send", "silence", "workflows")
