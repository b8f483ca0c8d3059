"""Pipelines on Vertex AI: their form, and what is refused."""

FACE = ("door", "form", "limits", "pipeline", "scheduled_job", "send", "silence", "workflows")
