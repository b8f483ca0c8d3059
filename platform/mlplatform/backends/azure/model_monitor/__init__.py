"""Monitors of models: a job, its clock, and its alerts."""

FACE = ("limits",)
