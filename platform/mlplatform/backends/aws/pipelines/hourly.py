"""A program of the platform at hours of the day: a task of Fargate with a log of its own."""

from __future__ import annotations

from pulumi_aws import cloudwatch

from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.pipelines.scheduled_task import TaskPlan, log_writing, make_scheduled_task
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.hourly_program import HourlyProgram
from mlplatform.components.identity import Identity
from mlplatform.components.names import platform_name
from mlplatform.components.scope import Scope

_LATE_SECONDS = 1800
"""A start that fails for so long is left to the next one."""


def make_hourly(scope: Scope, identity: Identity, program: HourlyProgram) -> cloudwatch.LogGroup:
    """Create log, task and schedule; returns the log.

    Args:
        scope: its owner.
        identity: of the program; it may pull the image and write the log.
        program: what is started.
    """
    parts, telemetry = native(identity.parts, AwsIdentity), native(scope.context.telemetry.parts, AwsTelemetry)
    name = f"/mlplatform/{platform_name(scope.spec)}-{program.log or program.name}"
    logs = telemetry.log_group(scope, "logs", name)
    scope.context.images.grant_pull(identity)
    parts.allow(scope, "logs", [log_writing(logs.arn)])
    make_scheduled_task(
        scope,
        parts,
        TaskPlan(
            name=program.name,
            container=program.container,
            about=program.about,
            image=program.image,
            command=program.command,
            environment={"AWS_REGION": scope.target(AwsTarget).region, **program.environment},
            cpu_units=program.vcpus * 1024,
            memory_mib=program.memory_gib * 1024,
            logs=logs,
            when=f"cron(0 {program.hours} * * ? *)",
            purpose=program.purpose,
            late_seconds=_LATE_SECONDS,
            scratch=program.scratch,
            workers=program.workers,
        ),
    )
    return logs
