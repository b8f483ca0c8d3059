"""Settings of a bucket that are documents or nested inputs."""

from __future__ import annotations

import pulumi
from pulumi_aws import s3

from mlplatform.backends.aws.policy import Statement
from mlplatform.components.context import Scope
from mlplatform.spec.artifact_store import WormSpec


def tls_only(bucket: s3.Bucket) -> tuple[Statement, ...]:
    """Refuse everything that does not come over TLS 1.2 or newer."""

    everything = [bucket.arn, pulumi.Output.concat(bucket.arn, "/*")]

    def deny(sid: str, conditions: dict[str, dict[str, str]]) -> Statement:
        return Statement(
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


def encryption(
    scope: Scope,
    role: str,
    region: str | None,
    key_arn: pulumi.Output[str] | None,
    bucket: s3.Bucket,
    opts: pulumi.ResourceOptions,
) -> pulumi.Resource:
    """Encrypt with the key, or with S3's own where there is none."""
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


def lock(
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
