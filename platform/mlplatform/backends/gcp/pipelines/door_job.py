"""The door as a job of Cloud Run that a clock starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import cloudrunv2, cloudscheduler

from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.naming import RUN
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.registry.server_images import pull_through_cache
from mlplatform.backends.gcp.registry.service_agents import ensure_scheduler_agent
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
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

    Raises:
        ValueError: the account is no service account.
    """
    email = account.email
    if email is None:
        raise ValueError("the door's identity: a job of Cloud Run acts as a service account only")
    target, keys = scope.target(GcpTarget), models.keys
    network = native(scope.context.network.parts, GcpNetwork)
    pulled = pull_through_cache(models, image)
    job = cloudrunv2.Job(
        scope.child("program"),
        project=target.project,
        location=target.region,
        name=job_name(scope.spec),
        deletion_protection=False,
        binary_authorization=cloudrunv2.JobBinaryAuthorizationArgs(use_default=True),
        template=cloudrunv2.JobTemplateArgs(
            task_count=1,
            parallelism=1,
            template=cloudrunv2.JobTemplateTemplateArgs(
                service_account=email,
                encryption_key=keys.ids["monitoring"],
                # the next tick comes soon, and finds what this one left
                max_retries=0,
                timeout=f"{LONGEST_SECONDS}s",
                containers=[
                    cloudrunv2.JobTemplateTemplateContainerArgs(
                        image=pulled.address,
                        commands=list(PROGRAM[:1]),
                        args=list(PROGRAM[1:]),
                        envs=[
                            cloudrunv2.JobTemplateTemplateContainerEnvArgs(name=name, value=value)
                            for name, value in sorted(environment.items())
                        ],
                        resources=cloudrunv2.JobTemplateTemplateContainerResourcesArgs(
                            limits={"cpu": "1", "memory": "512Mi"}
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
        name=job_name(scope.spec),
        description="Lets the door look whether runs of pipelines must start",
        schedule=f"*/{TICK_MINUTES} * * * *",
        time_zone="Etc/UTC",
        http_target=cloudscheduler.JobHttpTargetArgs(
            uri=pulumi.Output.concat("https://run.googleapis.com/v2/", job.id, ":run"),
            http_method="POST",
            oauth_token=cloudscheduler.JobHttpTargetOauthTokenArgs(service_account_email=email),
        ),
        opts=scope.opts(depends_on=[invoker, *scheduler.ready]),
    )
    return job
