"""Pipelines on Azure ML: the machines of their steps, and what is refused."""

FACE = (
    "dags",
    "door",
    "form",
    "hourly",
    "job_problems",
    "limits",
    "pipeline",
    "send",
    "silence",
    "workflows",
)
