"""Pipelines on SageMaker: the machines of their steps, and what is refused."""

FACE = (
    "airflow_access",
    "airflow_service",
    "dags",
    "door",
    "form",
    "hourly",
    "limits",
    "machines",
    "pipeline",
    "send",
    "silence",
    "workflows",
)
