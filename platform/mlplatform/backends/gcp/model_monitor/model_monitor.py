"""The monitor of an endpoint: a job of Cloud Run that a clock starts, and its alerts."""

from __future__ import annotations

from mlplatform.backends.gcp.model_monitor.watch import of_job, silence_rule, watch_monitor
from mlplatform.backends.gcp.pipelines.hourly import build_hourly
from mlplatform.components.model_monitor import ModelMonitorNeeds, ModelMonitorParts, monitor_program
from mlplatform.components.scope import Scope
from mlplatform.spec.model_monitor import ModelMonitorSpec


def build(scope: Scope, spec: ModelMonitorSpec, needs: ModelMonitorNeeds) -> ModelMonitorParts:
    """Build the job, its clock and its alerts."""
    name = build_hourly(scope, needs.identity, monitor_program(spec, needs), needs.models)
    watch_monitor(scope, spec, needs.endpoint, of_job(name), silence_rule(spec, needs.endpoint, name))
    return ModelMonitorParts()
