"""The job that fills the online store: a job of Cloud Run that a clock starts."""

from __future__ import annotations

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.monitoring.alarms import build_alert_policy
from mlplatform.backends.gcp.naming import RUN
from mlplatform.backends.gcp.pipelines.scheduled_job import CloudRunPlan, build_scheduled_job
from mlplatform.backends.gcp.pipelines.silence import silence_rule
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.components.base import native
from mlplatform.components.feature_fill import (
    JOB_VARIABLE,
    MEMORY_GIB,
    PROGRAM,
    FeatureFillNeeds,
    FeatureFillParts,
    longest_seconds,
    silence_words,
    silent_hours,
)
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.feature_store import FeatureFillSpec


def build(scope: Scope, spec: FeatureFillSpec, needs: FeatureFillNeeds) -> FeatureFillParts:
    """Build the job, its clock and its alert."""
    identity = native(needs.identity.parts, GcpIdentity)
    name = physical_name(scope.spec, "fill", RUN)
    plan = CloudRunPlan(
        name=name,
        about="Brings the newest values of features into the online store",
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
    hours = silent_hours(spec)
    rule = silence_rule(
        name,
        title=f"features: the online store was not filled for {hours} hours",
        hours=hours,
        every_hours=spec.every_hours,
        severity=spec.severity,
        advice=silence_words(spec),
    )
    build_alert_policy(scope, rule, "fill")
    scope.note(
        "feature_store.fill.image",
        f"push the image {needs.image} before `up`: Cloud Run refuses a job whose image is not there",
    )
    return FeatureFillParts()
