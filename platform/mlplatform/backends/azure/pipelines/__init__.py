"""Pipelines on Azure ML: the machines of their steps, and what is refused."""

FACE = ("dags", "door", "form", "job_problems", "limits", "pipeline", "scheduled_job", "send", "silence", "workflows")
