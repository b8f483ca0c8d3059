"""Pipelines on SageMaker: the machines of their steps, and what is refused."""

FACE = ("form", "limits", "machines", "names")
