"""The monitor of an endpoint: a job of Container Apps with a schedule, and its alerts."""

from __future__ import annotations

from mlplatform.backends.azure.model_monitor.watch import watch_monitor
from mlplatform.backends.azure.pipelines.scheduled_job import JobPlan, make_scheduled_job
from mlplatform.components.model_monitor import (
    JOB_VARIABLE,
    MEMORY_GIB,
    PROGRAM,
    ModelMonitorNeeds,
    ModelMonitorParts,
    longest_seconds,
)
from mlplatform.components.scope import Scope
from mlplatform.spec.model_monitor import ModelMonitorSpec


def build(scope: Scope, spec: ModelMonitorSpec, needs: ModelMonitorNeeds) -> ModelMonitorParts:
    """Make the job and its alerts."""
    images = scope.context.images
    images.grant_pull(needs.identity)
    job = make_scheduled_job(
        scope,
        needs.identity,
        JobPlan(
            name=f"monitor-{needs.endpoint.name}",
            container="monitor",
            image=needs.image,
            command=PROGRAM,
            environment={JOB_VARIABLE: needs.job},
            # there are two GiB to each vCPU
            vcpus=MEMORY_GIB / 2,
            memory=f"{MEMORY_GIB}Gi",
            cron=f"0 {','.join(map(str, spec.hours_of_day))} * * *",
            longest_seconds=longest_seconds(spec),
        ),
        needs.models,
        images=images,
    )
    watch_monitor(scope, spec, needs.endpoint, job)
    scope.note(
        f"endpoints[{needs.endpoint.name}].monitor",
        f"{needs.image} must be in the registry before `up` makes the monitor: Container Apps looks for it",
    )
    return ModelMonitorParts()
