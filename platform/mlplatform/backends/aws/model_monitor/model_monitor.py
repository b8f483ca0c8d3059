"""The monitor of an endpoint: a task of Fargate that a schedule starts, with its log and its alerts."""

from __future__ import annotations

from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.model_monitor.watch import MonitorLines, watch_monitor
from mlplatform.backends.aws.pipelines.scheduled_task import TaskPlan, log_writing, make_scheduled_task
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.model_monitor import (
    JOB_VARIABLE,
    MEMORY_GIB,
    PROGRAM,
    VCPUS,
    ModelMonitorNeeds,
    ModelMonitorParts,
)
from mlplatform.components.names import platform_name
from mlplatform.components.scope import Scope
from mlplatform.spec.model_monitor import ModelMonitorSpec

_LATE_SECONDS = 1800
"""A start that fails for so long is left to the next look."""


def build(scope: Scope, spec: ModelMonitorSpec, needs: ModelMonitorNeeds) -> ModelMonitorParts:
    """Create log, task, schedule and alerts."""
    name = f"monitor-{needs.endpoint.name}"
    identity = native(needs.identity.parts, AwsIdentity)
    telemetry = native(scope.context.telemetry.parts, AwsTelemetry)
    logs = telemetry.log_group(scope, "logs", f"/mlplatform/{platform_name(scope.spec)}-{name}")
    scope.context.images.grant_pull(needs.identity)
    identity.allow(scope, "logs", [log_writing(logs.arn)])
    hours = ",".join(map(str, spec.hours_of_day))
    make_scheduled_task(
        scope,
        identity,
        TaskPlan(
            name=name,
            container="monitor",
            about=f"the monitor of {needs.endpoint.name}",
            image=needs.image,
            command=PROGRAM,
            environment={"AWS_REGION": scope.target(AwsTarget).region, JOB_VARIABLE: needs.job},
            cpu_units=VCPUS * 1024,
            memory_mib=MEMORY_GIB * 1024,
            logs=logs,
            when=f"cron(0 {hours} * * ? *)",
            purpose=f"Looks why the model of {needs.endpoint.name} got worse",
            late_seconds=_LATE_SECONDS,
        ),
    )
    watch_monitor(scope, spec, needs.endpoint, MonitorLines(logs))
    return ModelMonitorParts()
