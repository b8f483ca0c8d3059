"""A program of the platform at hours of the day: a job of Cloud Run that a clock starts."""

from __future__ import annotations

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.naming import RUN
from mlplatform.backends.gcp.pipelines.scheduled_job import CloudRunPlan, build_scheduled_job
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.components.base import native
from mlplatform.components.hourly_program import HourlyProgram
from mlplatform.components.identity import Identity
from mlplatform.components.names import physical_name
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope


def build_hourly(scope: Scope, identity: Identity, program: HourlyProgram, models: ModelRegistry) -> str:
    """Build the job and its clock; returns the job's name.

    Args:
        scope: its owner.
        identity: of the program.
        program: what is started.
        models: what the programs of a platform share.
    """
    account, name = native(identity.parts, GcpIdentity), physical_name(scope.spec, program.name, RUN)
    plan = CloudRunPlan(
        name=name,
        about=program.purpose,
        image=program.image,
        command=program.command,
        environment=program.environment,
        memory=f"{program.memory_gib}Gi",
        longest_seconds=program.longest_seconds,
        when=f"0 {program.hours} * * *",
        tasks=program.workers,
    )
    build_scheduled_job(scope, account, plan, models=native(models.parts, GcpModels), after=list(account.grants))
    scope.note(
        program.field,
        f"push the image {program.image} before `up`: Cloud Run refuses a job whose image is not there",
    )
    return name
