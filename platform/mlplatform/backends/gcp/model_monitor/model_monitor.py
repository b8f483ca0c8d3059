"""The monitor of an endpoint: a job of Cloud Run that a clock starts, and its alerts."""

from __future__ import annotations

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.model_monitor.watch import of_job, silence_rule, watch_monitor
from mlplatform.backends.gcp.naming import RUN
from mlplatform.backends.gcp.pipelines.scheduled_job import CloudRunPlan, build_scheduled_job
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.components.base import native
from mlplatform.components.model_monitor import (
    JOB_VARIABLE,
    MEMORY_GIB,
    PROGRAM,
    ModelMonitorNeeds,
    ModelMonitorParts,
    longest_seconds,
)
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.model_monitor import ModelMonitorSpec


def build(scope: Scope, spec: ModelMonitorSpec, needs: ModelMonitorNeeds) -> ModelMonitorParts:
    """Build the job, its clock and its alerts."""
    identity = native(needs.identity.parts, GcpIdentity)
    name = physical_name(scope.spec, f"monitor-{needs.endpoint.name}", RUN)
    plan = CloudRunPlan(
        name=name,
        about=f"Looks why the model of {needs.endpoint.name} got worse",
        image=needs.image,
        command=PROGRAM,
        environment={JOB_VARIABLE: needs.job},
        memory=f"{MEMORY_GIB}Gi",
        longest_seconds=longest_seconds(spec),
        when=f"0 {','.join(map(str, spec.hours_of_day))} * * *",
    )
    build_scheduled_job(
        scope, identity, plan, models=native(needs.models.parts, GcpModels), after=list(identity.grants)
    )
    watch_monitor(scope, spec, needs.endpoint, of_job(name), silence_rule(spec, needs.endpoint, name))
    scope.note(
        f"endpoints[{needs.endpoint.name}].monitor",
        f"push the image {needs.image} before `up`: Cloud Run refuses a job whose image is not there",
    )
    return ModelMonitorParts()
