"""Pipelines on Azure ML: the machines of their steps, and what is refused."""

FACE = ("door", "form", "limits", "pipeline", "scheduled_job", "send", "workflows")
