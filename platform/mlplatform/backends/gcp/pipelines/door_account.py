"""What the door may do: read its queue, start and stop runs of pipelines, and keep its ledgers."""

from __future__ import annotations

import pulumi
from pulumi_gcp import projects, pubsub, serviceaccount, storage

from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.pipelines.definitions import DefinitionBucket
from mlplatform.backends.gcp.pipelines.inbox import SUBSCRIBER, DoorQueue, grant_publish
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope

PERMISSIONS = (
    "aiplatform.pipelineJobs.cancel",
    "aiplatform.pipelineJobs.create",
    "aiplatform.pipelineJobs.get",
    "aiplatform.pipelineJobs.list",
)
"""https://docs.cloud.google.com/vertex-ai/docs/general/iam-permissions (2026-11)"""

LEDGERS = "door/"
"""Beginning of the names of the objects that the door writes."""


def grant_door(
    scope: Scope,
    account: GcpIdentity,
    runner: GcpIdentity,
    *,
    models: GcpModels,
    definitions: DefinitionBucket,
    inbox: DoorQueue,
) -> list[pulumi.Resource]:
    """Grant the door its rights.

    Args:
        scope: the door's.
        account: its own account.
        runner: the account of the runs.
        models: what pipelines share.
        definitions: the bucket of definitions and ledgers.
        inbox: its queue.

    Raises:
        ValueError: the identity of pipelines is no service account.
    """
    if runner.account_name is None:
        raise ValueError("the identity of pipelines: Vertex AI's jobs act as a service account only")
    project, member = scope.target(GcpTarget).project, account.principal
    role = projects.IAMCustomRole(
        scope.child("starter"),
        project=project,
        # underscores are the only separator that a role's id may have
        role_id=f"{scope.spec.name}_{scope.spec.environment}_run_starter".replace("-", "_"),
        title=f"{scope.spec.name} {scope.spec.environment}: starts runs of pipelines",
        description="Starts, watches and stops runs of pipelines; starts no other job, and deploys nothing",
        permissions=list(PERMISSIONS),
        stage="GA",
        opts=scope.opts(depends_on=models.keys.foundation.after("iam")),
    )
    return [
        projects.IAMMember(
            scope.child("starts"),
            project=project,
            role=role.name,
            member=member,
            opts=scope.opts(effect_seconds=GRANT_SECONDS),
        ),
        serviceaccount.IAMMember(
            scope.child("acts-as"),
            service_account_id=runner.account_name,
            role="roles/iam.serviceAccountUser",
            member=member,
            opts=scope.opts(effect_seconds=GRANT_SECONDS),
        ),
        pubsub.SubscriptionIAMMember(
            scope.child("reads"),
            project=project,
            subscription=inbox.subscription.name,
            role=SUBSCRIBER,
            member=member,
            opts=scope.opts(effect_seconds=GRANT_SECONDS),
        ),
        grant_publish(scope, "buries", inbox.dead_topic, member),
        storage.BucketIAMMember(
            scope.child("definitions"),
            bucket=definitions.bucket.name,
            role="roles/storage.objectViewer",
            member=member,
            opts=scope.opts(effect_seconds=GRANT_SECONDS),
        ),
        storage.BucketIAMMember(
            scope.child("ledgers"),
            bucket=definitions.bucket.name,
            role="roles/storage.objectUser",
            member=member,
            condition=storage.BucketIAMMemberConditionArgs(
                title="ledgers",
                expression=pulumi.Output.concat(
                    'resource.name.startsWith("projects/_/buckets/', definitions.bucket.name, f'/objects/{LEDGERS}")'
                ),
            ),
            opts=scope.opts(effect_seconds=GRANT_SECONDS),
        ),
    ]
