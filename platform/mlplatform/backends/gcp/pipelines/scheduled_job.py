"""A program of the platform as a job of Cloud Run that a clock starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import cloudrunv2, cloudscheduler

from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.registry.server_images import pull_through_cache
from mlplatform.backends.gcp.registry.service_agents import ensure_scheduler_agent
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record


@record(kw_only=True)
class CloudRunPlan:
    """What is started, and when."""

    name: str
    """Name of the job and of its clock."""

    about: str
    """What the clock is for, for people."""

    image: str
    """The image with the platform's programs."""

    command: Sequence[str]
    """Program and arguments."""

    environment: Mapping[str, pulumi.Input[str]]
    """What the program is told."""

    memory: str
    """Memory, as `512Mi`."""

    longest_seconds: int
    """Longest run; the next start finds what this one left, so that nothing is tried again."""

    when: str
    """When it starts: cron, UTC."""

    tasks: int = 1
    """Tasks that start together. Each has its number in CLOUD_RUN_TASK_INDEX,
    https://docs.cloud.google.com/run/docs/container-contract#jobs-env-vars (2026-11)"""


def build_scheduled_job(
    scope: Scope,
    account: GcpIdentity,
    plan: CloudRunPlan,
    *,
    models: GcpModels,
    after: Sequence[pulumi.Resource],
) -> cloudrunv2.Job:
    """Build the job, and the clock that starts it.

    Args:
        scope: its owner.
        account: the account that it acts as; it may start the job too.
        plan: what is started.
        models: what the programs of a platform share: keys, agents, the registry.
        after: the account's rights.

    Raises:
        ValueError: the account is no service account.
    """
    email = account.email
    if email is None:
        raise ValueError(f"{plan.name}: a job of Cloud Run acts as a service account only")
    target, keys = scope.target(GcpTarget), models.keys
    network = native(scope.context.network.parts, GcpNetwork)
    pulled = pull_through_cache(models, plan.image)
    job = cloudrunv2.Job(
        scope.child("program"),
        project=target.project,
        location=target.region,
        name=plan.name,
        deletion_protection=False,
        binary_authorization=cloudrunv2.JobBinaryAuthorizationArgs(use_default=True),
        template=cloudrunv2.JobTemplateArgs(
            task_count=plan.tasks,
            parallelism=plan.tasks,
            template=cloudrunv2.JobTemplateTemplateArgs(
                service_account=email,
                encryption_key=keys.ids["monitoring"],
                max_retries=0,
                timeout=f"{plan.longest_seconds}s",
                containers=[
                    cloudrunv2.JobTemplateTemplateContainerArgs(
                        image=pulled.address,
                        commands=list(plan.command[:1]),
                        args=list(plan.command[1:]),
                        envs=[
                            cloudrunv2.JobTemplateTemplateContainerEnvArgs(name=name, value=value)
                            for name, value in sorted(plan.environment.items())
                        ],
                        resources=cloudrunv2.JobTemplateTemplateContainerResourcesArgs(
                            limits={"cpu": "1", "memory": plan.memory}
                        ),
                    )
                ],
                vpc_access=cloudrunv2.JobTemplateTemplateVpcAccessArgs(
                    egress="ALL_TRAFFIC",
                    network_interfaces=[
                        cloudrunv2.JobTemplateTemplateVpcAccessNetworkInterfaceArgs(subnetwork=network.apps_subnet_id)
                    ],
                ),
            ),
        ),
        labels=scope.tags,
        opts=scope.opts(
            depends_on=[
                *after,
                *pulled.ready,
                *network.ready,
                *keys.ready["monitoring"],
                *keys.foundation.after("run", "binaryauthorization"),
            ]
        ),
    )
    invoker = cloudrunv2.JobIamMember(
        scope.child("program-starter"),
        project=target.project,
        location=target.region,
        name=job.name,
        role="roles/run.invoker",
        member=account.principal,
        opts=scope.opts(effect_seconds=GRANT_SECONDS),
    )
    scheduler = ensure_scheduler_agent(models)
    cloudscheduler.Job(
        scope.child("clock"),
        project=target.project,
        region=target.region,
        name=plan.name,
        description=plan.about,
        schedule=plan.when,
        time_zone="Etc/UTC",
        http_target=cloudscheduler.JobHttpTargetArgs(
            uri=pulumi.Output.concat("https://run.googleapis.com/v2/", job.id, ":run"),
            http_method="POST",
            oauth_token=cloudscheduler.JobHttpTargetOauthTokenArgs(service_account_email=email),
        ),
        opts=scope.opts(depends_on=[invoker, *scheduler.ready]),
    )
    return job
