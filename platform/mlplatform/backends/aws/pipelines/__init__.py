"""Pipelines on SageMaker: the machines of their steps, and what is refused."""

FACE = ("dags", "door", "form", "limits", "machines", "pipeline", "scheduled_task", "send", "silence", "workflows")
