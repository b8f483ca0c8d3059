"""The door as a job of Cloud Run that a clock starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import cloudrunv2

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.naming import RUN
from mlplatform.backends.gcp.pipelines.scheduled_job import CloudRunPlan, build_scheduled_job
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.triggers import TICK_MINUTES

PROGRAM = ("mlplatform-step", "door")
LONGEST_SECONDS = 240
"""Longest look of the door: shorter than messages wait for their acknowledgement."""


def job_name(spec: PlatformSpec) -> str:
    """Name of the job."""
    return physical_name(spec, "door", RUN)


def build_job(
    scope: Scope,
    account: GcpIdentity,
    image: str,
    environment: Mapping[str, pulumi.Input[str]],
    *,
    models: GcpModels,
    after: Sequence[pulumi.Resource],
) -> cloudrunv2.Job:
    """Build the job, and the clock that starts it.

    Args:
        scope: the door's.
        account: its account.
        image: the image with the platform's programs.
        environment: what the program is told.
        models: what pipelines share.
        after: the account's rights.
    """
    plan = CloudRunPlan(
        name=job_name(scope.spec),
        about="Lets the door look whether runs of pipelines must start",
        image=image,
        command=PROGRAM,
        environment=environment,
        memory="512Mi",
        longest_seconds=LONGEST_SECONDS,
        when=f"*/{TICK_MINUTES} * * * *",
    )
    return build_scheduled_job(scope, account, plan, models=models, after=after)
