"""A program of the platform that a schedule starts: a job of Container Apps in the platform's network."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import app

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.registry.apps import CONSUMPTION, shared_environment
from mlplatform.backends.azure.registry.parts import AzureImages
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ImageRegistry, ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record


@record(kw_only=True)
class JobPlan:
    """What is started, and when."""

    name: str
    """What it is called in its physical name: `door`."""

    container: str
    """Name of its container."""

    image: str
    """The image with the program."""

    command: tuple[str, ...]
    """The program."""

    environment: Mapping[str, pulumi.Input[str]]
    """Its variables; who it is comes with them."""

    vcpus: float
    """https://learn.microsoft.com/azure/container-apps/containers#allocations (2026-01)"""

    memory: str
    """Two GiB for each vCPU: `0.5Gi`."""

    cron: str
    """When it starts, in UTC."""

    longest_seconds: int
    """Longest run, seconds: it ends before the next one starts."""

    replicas: int = 1
    """Replicas that start together. They have no numbers,
    https://learn.microsoft.com/azure/container-apps/environment-variables#built-in-environment-variables (2026-11)"""

    after: tuple[pulumi.Resource, ...] = ()
    """What must be there before it starts."""


def make_scheduled_job(
    scope: Scope, identity: Identity, plan: JobPlan, models: ModelRegistry, *, images: ImageRegistry
) -> app.Job:
    """Make the job.

    Args:
        scope: its owner.
        identity: of the program; its image is pulled as it.
        plan: what it is.
        models: the workspace, which owns the environment of all jobs.
        images: the registry of its image.

    Raises:
        TypeError: the identity is a group of people.
    """
    parts, registry = native(identity.parts, AzureIdentity), native(images.parts, AzureImages)
    acts_as = parts.identity_id
    if acts_as is None:
        raise TypeError(f"{scope.name}: a job needs a managed identity, not a group of people")
    environment = shared_environment(models)
    return app.Job(
        scope.child("job"),
        job_name=physical_name(scope.spec, "app", plan.name),
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        environment_id=environment.id,
        workload_profile_name=CONSUMPTION,
        identity=app.ManagedServiceIdentityArgs(
            type=app.ManagedServiceIdentityType.USER_ASSIGNED, user_assigned_identities=[acts_as]
        ),
        configuration=app.JobConfigurationArgs(
            trigger_type=app.TriggerType.SCHEDULE,
            schedule_trigger_config=app.JobConfigurationScheduleTriggerConfigArgs(
                cron_expression=plan.cron, parallelism=plan.replicas, replica_completion_count=plan.replicas
            ),
            replica_timeout=plan.longest_seconds,
            # the next start is the next attempt
            replica_retry_limit=0,
            registries=[app.RegistryCredentialsArgs(server=registry.login_server, identity=acts_as)],
            identity_settings=[
                app.IdentitySettingsArgs(identity=acts_as, lifecycle=app.IdentitySettingsLifeCycle.MAIN)
            ],
        ),
        template=app.JobTemplateArgs(
            containers=[
                app.ContainerArgs(
                    name=plan.container,
                    image=registry.pull_address(plan.image),
                    command=list(plan.command),
                    env=[
                        app.EnvironmentVarArgs(name=name, value=value)
                        for name, value in {**plan.environment, "AZURE_CLIENT_ID": parts.client_id}.items()
                    ],
                    resources=app.ContainerResourcesArgs(cpu=plan.vcpus, memory=plan.memory),
                )
            ]
        ),
        tags=scope.tags,
        opts=scope.opts(depends_on=[*parts.grants, *registry.ready, *environment.ready, *plan.after]),
    )
