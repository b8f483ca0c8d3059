"""The monitor of an endpoint: a job of Container Apps with a schedule, and its alerts."""

from __future__ import annotations

from mlplatform.backends.azure.model_monitor.watch import watch_monitor
from mlplatform.backends.azure.pipelines.hourly import make_hourly
from mlplatform.components.model_monitor import ModelMonitorNeeds, ModelMonitorParts, monitor_program
from mlplatform.components.scope import Scope
from mlplatform.spec.model_monitor import ModelMonitorSpec


def build(scope: Scope, spec: ModelMonitorSpec, needs: ModelMonitorNeeds) -> ModelMonitorParts:
    """Make the job and its alerts."""
    job = make_hourly(scope, needs.identity, monitor_program(spec, needs), needs.models)
    watch_monitor(scope, spec, needs.endpoint, job)
    return ModelMonitorParts()
