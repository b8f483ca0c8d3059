"""Pipelines on SageMaker: the machines of their steps, and what is refused."""

FACE = (
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
