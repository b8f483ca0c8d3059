"""Pipelines on Azure ML: the machines of their steps, and what is refused."""

FACE = ("form", "limits", "workflows")
