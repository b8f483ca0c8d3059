"""A program of the platform at hours of the day: a job of Container Apps with a schedule."""

from __future__ import annotations

from pulumi_azure_native import app

from mlplatform.backends.azure.pipelines.scheduled_job import JobPlan, make_scheduled_job
from mlplatform.components.hourly_program import HourlyProgram
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope


def make_hourly(scope: Scope, identity: Identity, program: HourlyProgram, models: ModelRegistry) -> app.Job:
    """Make the job.

    Args:
        scope: its owner.
        identity: of the program; it may pull the image.
        program: what is started.
        models: the workspace, which owns the environment of all jobs.
    """
    images = scope.context.images
    images.grant_pull(identity)
    plan = JobPlan(
        name=program.name,
        container=program.container,
        image=program.image,
        command=program.command,
        environment=program.environment,
        # there are two GiB to each vCPU
        vcpus=program.memory_gib / 2,
        memory=f"{program.memory_gib}Gi",
        cron=f"0 {program.hours} * * *",
        longest_seconds=program.longest_seconds,
        replicas=program.workers,
    )
    job = make_scheduled_job(scope, identity, plan, models, images=images)
    scope.note(
        program.field, f"{program.image} must be in the registry before `up` makes the job: Container Apps looks for it"
    )
    return job
