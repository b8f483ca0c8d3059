"""The job that fills the online store: a job of Container Apps with a schedule."""

from __future__ import annotations

from mlplatform.backends.azure.pipelines.scheduled_job import JobPlan, make_scheduled_job
from mlplatform.backends.azure.pipelines.silence import watch_silence
from mlplatform.components.feature_fill import (
    FILLED,
    JOB_VARIABLE,
    MEMORY_GIB,
    PROGRAM,
    FeatureFillNeeds,
    FeatureFillParts,
    longest_seconds,
    silence_words,
    silent_hours,
)
from mlplatform.components.scope import Scope
from mlplatform.spec.feature_store import FeatureFillSpec

_LINES = f"ContainerAppConsoleLogs | extend said = parse_json(Log) | where tostring(said.features) == '{FILLED}'"


def build(scope: Scope, spec: FeatureFillSpec, needs: FeatureFillNeeds) -> FeatureFillParts:
    """Make the job and its alert."""
    images = scope.context.images
    images.grant_pull(needs.identity)
    job = make_scheduled_job(
        scope,
        needs.identity,
        JobPlan(
            name="fill",
            container="fill",
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
    hours, words = silent_hours(spec), silence_words(spec)
    watch_silence(scope, job, _LINES, hours=hours, severity=spec.severity, words=words)
    scope.note(
        "feature_store.fill.image",
        f"{needs.image} must be in the registry before `up` makes the job: Container Apps looks for it",
    )
    return FeatureFillParts()
