"""One hardened bucket: its settings are resources of their own, chained, because S3 refuses two at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from mlplatform.backends.aws.artifact_store.bucket_settings import encryption, lock, tls_only
from mlplatform.backends.aws.artifact_store.parts import AwsBucket
from mlplatform.backends.aws.naming import bucket_name, bucket_namespace
from mlplatform.backends.aws.policy import Statement, document
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.context import Scope
from mlplatform.spec.artifact_store import WormSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketPlan:
    """What differs between buckets."""

    role: str
    """Part of the logical and the physical name."""

    region: str | None = None
    """Where it lies. Omitted: in the target's region."""

    key_arn: pulumi.Output[str] | None
    """Key; None is S3's own, which only a log bucket has."""

    versioned: bool
    """Keep overwritten and deleted objects."""

    rules: Sequence[s3.BucketLifecycleConfigurationRuleArgs]
    """Lifecycle."""

    disposable: bool
    """A destroy may take the objects with it."""

    protected: bool
    """Pulumi refuses to delete it."""

    worm: WormSpec | None = None
    """Omitted: objects can be deleted."""

    events: bool = False
    """Tell EventBridge of every new object."""

    logs_to: s3.Bucket | None = None
    """Where access is recorded. Omitted: nowhere."""

    statements: Sequence[Statement] = ()
    """More of its policy."""


def make(scope: Scope, plan: BucketPlan) -> AwsBucket:
    """Make the bucket and its settings."""
    target = scope.target(AwsTarget)
    name = bucket_name(scope.spec, target, plan.role, plan.region)
    bucket = s3.Bucket(
        scope.child(plan.role),
        bucket=name,
        bucket_namespace=bucket_namespace(plan.region or target.region),
        force_destroy=plan.disposable,
        object_lock_enabled=True if plan.worm else None,
        region=plan.region,
        tags=scope.tags,
        opts=scope.opts(protect=plan.protected or None, delete_before_replace=True),
    )
    steps: list[pulumi.Resource] = []

    def after() -> pulumi.ResourceOptions:
        return scope.opts(depends_on=steps[-1:])

    steps.append(
        s3.BucketPublicAccessBlock(
            scope.child(f"{plan.role}-public-access"),
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            region=plan.region,
            opts=after(),
        )
    )
    steps.append(
        s3.BucketOwnershipControls(
            scope.child(f"{plan.role}-ownership"),
            bucket=bucket.id,
            rule=s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            region=plan.region,
            opts=after(),
        )
    )
    steps.append(
        s3.BucketPolicy(
            scope.child(f"{plan.role}-policy"),
            bucket=bucket.id,
            policy=document(*tls_only(bucket), *plan.statements),
            region=plan.region,
            opts=after(),
        )
    )
    if plan.versioned:
        steps.append(
            s3.BucketVersioning(
                scope.child(f"{plan.role}-versioning"),
                bucket=bucket.id,
                versioning_configuration=s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
                region=plan.region,
                opts=after(),
            )
        )
    steps.append(encryption(scope, plan.role, plan.region, plan.key_arn, bucket, after()))
    ready = tuple(steps)
    if plan.worm:
        steps.append(lock(scope, plan.role, plan.region, plan.worm, bucket, after()))
    steps.append(
        s3.BucketLifecycleConfiguration(
            scope.child(f"{plan.role}-lifecycle"),
            bucket=bucket.id,
            rules=list(plan.rules),
            region=plan.region,
            opts=after(),
        )
    )
    if plan.logs_to:
        steps.append(
            s3.BucketLogging(
                scope.child(f"{plan.role}-logging"),
                bucket=bucket.id,
                target_bucket=plan.logs_to.id,
                target_prefix=f"{plan.role}/",
                region=plan.region,
                opts=after(),
            )
        )
    if plan.events:
        steps.append(
            s3.BucketNotification(
                scope.child(f"{plan.role}-events"),
                bucket=bucket.id,
                eventbridge=True,
                region=plan.region,
                opts=after(),
            )
        )
    return AwsBucket(bucket=bucket, name=name, arn=bucket.arn, key_arn=plan.key_arn, ready=ready, settled=steps[-1])
