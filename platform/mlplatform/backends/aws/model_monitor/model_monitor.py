"""The monitor of an endpoint: a task of Fargate that a schedule starts, with its log and its alerts."""

from __future__ import annotations

from mlplatform.backends.aws.model_monitor.watch import MonitorLines, watch_monitor
from mlplatform.backends.aws.pipelines.hourly import make_hourly
from mlplatform.components.model_monitor import ModelMonitorNeeds, ModelMonitorParts, monitor_program
from mlplatform.components.scope import Scope
from mlplatform.spec.model_monitor import ModelMonitorSpec


def build(scope: Scope, spec: ModelMonitorSpec, needs: ModelMonitorNeeds) -> ModelMonitorParts:
    """Create log, task, schedule and alerts."""
    logs = make_hourly(scope, needs.identity, monitor_program(spec, needs))
    watch_monitor(scope, spec, needs.endpoint, MonitorLines(logs))
    return ModelMonitorParts()
