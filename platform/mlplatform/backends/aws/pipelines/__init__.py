"""Pipelines on SageMaker: the machines of their steps, and what is refused."""

FACE = ("limits", "machines")
