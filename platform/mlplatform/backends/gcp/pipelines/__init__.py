"""Pipelines on Vertex AI: their form, and what is refused."""

FACE = (
    "airflow_access",
    "airflow_service",
    "dags",
    "door",
    "form",
    "hourly",
    "jobs",
    "limits",
    "pipeline",
    "send",
    "silence",
    "workflows",
)
