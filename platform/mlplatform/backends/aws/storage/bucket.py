"""A hardened bucket. Its settings are separate resources, chained, because S3 refuses two changes at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document
from mlplatform.backends.aws.naming import bucket_name, bucket_namespace
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import WormSpec

_UNFINISHED_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class AwsPlace:
    """The bucket of one place: created by the platform, or existing."""

    name: pulumi.Input[str]
    """Its physical name, plain text if it is known before deployment."""

    arn: pulumi.Output[str]
    """Its ARN."""

    key_arn: pulumi.Output[str] | None
    """Key of its objects; None is S3's own."""

    ready: tuple[pulumi.Resource, ...] = ()
    """Policy, access block, encryption and versioning of a bucket created here: objects come after these."""


@dataclass(frozen=True, kw_only=True)
class AwsBucket(AwsPlace):
    """A bucket that the platform creates."""

    bucket: s3.Bucket
    """The bucket itself."""

    name: str
    """Its physical name, known before deployment."""

    settled: pulumi.Resource
    """The last of its settings: a further setting comes after this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketPlan:
    """The settings in which buckets differ."""

    role: str
    """Part of the logical and the physical name."""

    region: str | None = None
    """Its region. Omitted: the target's."""

    key_arn: pulumi.Output[str] | None
    """Its key. None: S3's own key, for log buckets only."""

    versioned: bool
    """True if overwritten and deleted objects are kept."""

    rules: Sequence[s3.BucketLifecycleConfigurationRuleArgs]
    """Lifecycle rules."""

    disposable: bool
    """True if a destroy may delete the objects too."""

    protected: bool
    """True if Pulumi refuses to delete it."""

    worm: WormSpec | None = None
    """Retention of every object version. Omitted: objects can be deleted."""

    events: bool = False
    """True if EventBridge receives an event for every new object."""

    logs_to: s3.Bucket | None = None
    """The log bucket for access records. Omitted: access is not recorded."""

    statements: Sequence[IamStatement] = ()
    """Further statements of its policy."""


def make_bucket(scope: Scope, plan: BucketPlan) -> AwsBucket:
    """Create the bucket and its settings."""
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
        opts=scope.opts(
            protect=plan.protected or None,
            delete_before_replace=True,
            # for creation alone: in a bucket that exists, the resource of its lock turns this on, and nothing turns it
            # off. A change here would delete the bucket: https://github.com/hashicorp/terraform-provider-aws/issues/36529
            ignore_changes=["objectLockEnabled"],
        ),
    )
    settings: list[pulumi.Resource] = []

    def after_last() -> pulumi.ResourceOptions:
        return scope.opts(depends_on=settings[-1:])

    settings.append(
        s3.BucketPublicAccessBlock(
            scope.child(f"{plan.role}-public-access"),
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            region=plan.region,
            opts=after_last(),
        )
    )
    settings.append(
        s3.BucketOwnershipControls(
            scope.child(f"{plan.role}-ownership"),
            bucket=bucket.id,
            rule=s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            region=plan.region,
            opts=after_last(),
        )
    )
    settings.append(
        s3.BucketPolicy(
            scope.child(f"{plan.role}-policy"),
            bucket=bucket.id,
            policy=policy_document(*_tls_only(bucket), *plan.statements),
            region=plan.region,
            opts=after_last(),
        )
    )
    if plan.versioned:
        settings.append(
            s3.BucketVersioning(
                scope.child(f"{plan.role}-versioning"),
                bucket=bucket.id,
                versioning_configuration=s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
                region=plan.region,
                opts=after_last(),
            )
        )
    settings.append(_encryption(scope, plan.role, plan.region, plan.key_arn, bucket, after_last()))
    ready = tuple(settings)
    if plan.worm:
        settings.append(_lock(scope, plan.role, plan.region, plan.worm, bucket, after_last()))
    settings.append(
        s3.BucketLifecycleConfiguration(
            scope.child(f"{plan.role}-lifecycle"),
            bucket=bucket.id,
            rules=list(plan.rules),
            region=plan.region,
            opts=after_last(),
        )
    )
    if plan.logs_to:
        settings.append(
            s3.BucketLogging(
                scope.child(f"{plan.role}-logging"),
                bucket=bucket.id,
                target_bucket=plan.logs_to.id,
                target_prefix=f"{plan.role}/",
                region=plan.region,
                opts=after_last(),
            )
        )
    if plan.events:
        settings.append(
            s3.BucketNotification(
                scope.child(f"{plan.role}-events"),
                bucket=bucket.id,
                eventbridge=True,
                region=plan.region,
                opts=after_last(),
            )
        )
    return AwsBucket(bucket=bucket, name=name, arn=bucket.arn, key_arn=plan.key_arn, ready=ready, settled=settings[-1])


def lifecycle_rule(
    name: str,
    *,
    expiration: s3.BucketLifecycleConfigurationRuleExpirationArgs | None = None,
    transitions: list[s3.BucketLifecycleConfigurationRuleTransitionArgs] | None = None,
    noncurrent: s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs | None = None,
) -> s3.BucketLifecycleConfigurationRuleArgs:
    """A rule for the whole bucket. Rules that do not expire old versions also remove unfinished uploads."""
    unfinished = s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
        days_after_initiation=_UNFINISHED_DAYS
    )
    return s3.BucketLifecycleConfigurationRuleArgs(
        id=name,
        status="Enabled",
        filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        abort_incomplete_multipart_upload=None if noncurrent else unfinished,
        expiration=expiration,
        transitions=transitions,
        noncurrent_version_expiration=noncurrent,
    )


def _tls_only(bucket: s3.Bucket) -> tuple[IamStatement, ...]:
    """Statements that deny requests without TLS 1.2 or newer."""
    everything = [bucket.arn, pulumi.Output.concat(bucket.arn, "/*")]

    def deny(sid: str, conditions: dict[str, dict[str, str]]) -> IamStatement:
        return IamStatement(
            sid=sid,
            effect="Deny",
            actions=("s3:*",),
            resources=everything,
            principals={"AWS": "*"},
            conditions=conditions,
        )

    return (
        deny("OnlyTls", {"Bool": {"aws:SecureTransport": "false"}}),
        deny("OnlyRecentTls", {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
    )


def _encryption(
    scope: Scope,
    role: str,
    region: str | None,
    key_arn: pulumi.Output[str] | None,
    bucket: s3.Bucket,
    opts: pulumi.ResourceOptions,
) -> pulumi.Resource:
    """Encrypt with the key, or with S3's own key if there is none."""
    default = s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
        sse_algorithm="aws:kms" if key_arn else "AES256", kms_master_key_id=key_arn
    )
    return s3.BucketServerSideEncryptionConfiguration(
        scope.child(f"{role}-encryption"),
        bucket=bucket.id,
        rules=[
            s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=default,
                # one data key per bucket instead of one per object: training reads millions of objects
                bucket_key_enabled=True if key_arn else None,
            )
        ],
        region=region,
        opts=opts,
    )


def _lock(
    scope: Scope, role: str, region: str | None, worm: WormSpec, bucket: s3.Bucket, opts: pulumi.ResourceOptions
) -> pulumi.Resource:
    """Keep every object version for the given days."""
    retention = s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
        mode="COMPLIANCE" if worm.locked else "GOVERNANCE", days=worm.days
    )
    return s3.BucketObjectLockConfiguration(
        scope.child(f"{role}-lock"),
        bucket=bucket.id,
        object_lock_enabled="Enabled",
        rule=s3.BucketObjectLockConfigurationRuleArgs(default_retention=retention),
        region=region,
        opts=opts,
    )
