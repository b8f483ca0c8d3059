"""Monitors of models: a job, its clock, and its alerts."""

FACE = ("captures", "limits", "model_monitor", "on_cluster", "signals")
