"""Pipelines on Vertex AI: their form, and what is refused."""

FACE = ("dags", "door", "form", "limits", "pipeline", "scheduled_job", "send", "silence", "workflows")
