"""The program of a monitor: what every place that starts it tells it. Imports no SDK."""

from __future__ import annotations

from mlplatform.spec.model_monitor import LOOK_GIB

PROGRAM = ("mlplatform-monitor",)
"""Command of the job: all else is in the document that `JOB_VARIABLE` has, or names."""

JOB_VARIABLE = "MLPLATFORM_MONITOR_JOB"
"""Variable with the document, or with its address in the store."""

VCPUS, MEMORY_GIB = 1, LOOK_GIB
"""Size of the job."""
