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

LEDGERS, ORDERS, REPORTS = "door/", "orders/", "reports/"
"""Beginnings of the names of objects: the door writes the first two, the starter in the cluster the last."""


def grant_door(
    scope: Scope,
    account: GcpIdentity,
    runner: GcpIdentity | None,
    *,
    models: GcpModels,
    definitions: DefinitionBucket,
    inbox: DoorQueue,
) -> list[pulumi.Resource]:
    """Grant the door its rights.

    Args:
        scope: the door's.
        account: its own account.
        runner: the account of the runs on Vertex AI. None: it starts none there.
        models: what pipelines share.
        definitions: the bucket of definitions and ledgers.
        inbox: its queue.

    Raises:
        ValueError: the identity of pipelines is no service account.
    """
    project, member = scope.target(GcpTarget).project, account.principal
    return [
        *(_grant_runs(scope, member, runner, models) if runner else ()),
        pubsub.SubscriptionIAMMember(
            scope.child("reads"),
            project=project,
            subscription=inbox.subscription.name,
            role=SUBSCRIBER,
            member=member,
            opts=scope.opts(effect_seconds=GRANT_SECONDS),
        ),
        grant_publish(scope, "buries", inbox.dead_topic, member),
        _read(scope, "definitions", definitions, member),
        _write(scope, "ledgers", definitions, member, LEDGERS),
    ]


def grant_exchange(
    scope: Scope, door: GcpIdentity, starter: GcpIdentity, definitions: DefinitionBucket
) -> list[pulumi.Resource]:
    """Let the door write orders and the starter write reports; each reads what the other one writes.

    Both read the whole bucket: without the right to list it, Cloud Storage does not say that an object is not there.

    Args:
        scope: the door's.
        door: its account.
        starter: the account of the starter's pods.
        definitions: the bucket of definitions and ledgers.
    """
    return [
        _write(scope, "orders", definitions, door.principal, ORDERS),
        _read(scope, "starter-reads", definitions, starter.principal),
        _write(scope, "reports", definitions, starter.principal, REPORTS),
    ]


def _read(scope: Scope, role: str, definitions: DefinitionBucket, member: pulumi.Input[str]) -> storage.BucketIAMMember:
    return storage.BucketIAMMember(
        scope.child(role),
        bucket=definitions.bucket.name,
        role="roles/storage.objectViewer",
        member=member,
        opts=scope.opts(effect_seconds=GRANT_SECONDS),
    )


def _write(
    scope: Scope, role: str, definitions: DefinitionBucket, member: pulumi.Input[str], folder: str
) -> storage.BucketIAMMember:
    return storage.BucketIAMMember(
        scope.child(role),
        bucket=definitions.bucket.name,
        role="roles/storage.objectUser",
        member=member,
        condition=storage.BucketIAMMemberConditionArgs(
            title=role,
            expression=pulumi.Output.concat(
                'resource.name.startsWith("projects/_/buckets/', definitions.bucket.name, f'/objects/{folder}")'
            ),
        ),
        opts=scope.opts(effect_seconds=GRANT_SECONDS),
    )


def _grant_runs(
    scope: Scope, member: pulumi.Input[str], runner: GcpIdentity, models: GcpModels
) -> list[pulumi.Resource]:
    if runner.account_name is None:
        raise ValueError("the identity of pipelines: Vertex AI's jobs act as a service account only")
    project = scope.target(GcpTarget).project
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
    ]
