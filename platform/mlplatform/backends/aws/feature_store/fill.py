"""The job that fills the online store: a task of Fargate that a schedule starts."""

from __future__ import annotations

from mlplatform.backends.aws.feature_store.names import table_prefix
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.monitoring.alarms import count_lines
from mlplatform.backends.aws.pipelines.scheduled_task import TaskPlan, log_writing, make_scheduled_task
from mlplatform.backends.aws.pipelines.silence import watch_silence
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.feature_fill import (
    FILLED,
    JOB_VARIABLE,
    MEMORY_GIB,
    PROGRAM,
    VCPUS,
    FeatureFillNeeds,
    FeatureFillParts,
    silence_words,
    silent_hours,
)
from mlplatform.components.names import platform_name
from mlplatform.components.scope import Scope
from mlplatform.spec.feature_store import FeatureFillSpec

_LATE_SECONDS = 1800
"""A start that fails for so long is left to the next run."""


def build(scope: Scope, spec: FeatureFillSpec, needs: FeatureFillNeeds) -> FeatureFillParts:
    """Create log, task, schedule and alarm."""
    identity = native(needs.identity.parts, AwsIdentity)
    telemetry = native(scope.context.telemetry.parts, AwsTelemetry)
    logs = telemetry.log_group(scope, "logs", f"/mlplatform/{table_prefix(scope.spec)}fill")
    scope.context.images.grant_pull(needs.identity)
    identity.allow(scope, "logs", [log_writing(logs.arn)])
    hours = ",".join(map(str, spec.hours_of_day))
    make_scheduled_task(
        scope,
        identity,
        TaskPlan(
            name="fill",
            container="fill",
            about=f"the job that fills the features of {platform_name(scope.spec)}",
            image=needs.image,
            command=PROGRAM,
            environment={"AWS_REGION": scope.target(AwsTarget).region, JOB_VARIABLE: needs.job},
            cpu_units=VCPUS * 1024,
            memory_mib=MEMORY_GIB * 1024,
            logs=logs,
            when=f"cron(0 {hours} * * ? *)",
            purpose="Brings the newest values of features into the online store",
            late_seconds=_LATE_SECONDS,
            scratch=True,
        ),
    )
    ends = count_lines(scope, "fill", FILLED, logs, f'{{ $.features = "{FILLED}" }}')
    watch_silence(scope, ends, hours=silent_hours(spec), severity=spec.severity, words=silence_words(spec))
    return FeatureFillParts()
