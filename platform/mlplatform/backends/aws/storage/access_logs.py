"""A bucket that records the access to other buckets."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_aws import s3

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.naming import bucket_name
from mlplatform.backends.aws.storage.bucket import AwsBucket, BucketPlan, lifecycle_rule, make_bucket
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.scope import Scope

_OLD_VERSIONS_DAYS = 7


def make_log_bucket(
    scope: Scope, role: str, roles: Sequence[str], *, days: int, region: str | None = None
) -> AwsBucket:
    """Create the bucket. Access to it is not recorded: every record would cause another one.

    Args:
        scope: its owner.
        role: the name of this bucket within the scope.
        roles: the names of the buckets whose access it records, in the same region.
        days: how long records are kept.
        region: the region of all these buckets. Omitted: the target's.
    """
    target = scope.target(AwsTarget)
    arn = f"arn:{target.partition}:s3:::"
    sources = [f"{arn}{bucket_name(scope.spec, target, source, region)}" for source in roles]
    delivery = IamStatement(
        sid="AccessLogs",
        actions=("s3:PutObject",),
        resources=f"{arn}{bucket_name(scope.spec, target, role, region)}/*",
        principals={"Service": "logging.s3.amazonaws.com"},
        conditions={
            "ArnLike": {"aws:SourceArn": sources},
            "StringEquals": {"aws:SourceAccount": target.account_id},
        },
    )
    plan = BucketPlan(
        role=role,
        region=region,
        # the log delivery service writes only to buckets with S3's own key
        key_arn=None,
        # deleted or overwritten records can be restored
        versioned=True,
        rules=log_rules(days),
        disposable=not scope.defaults.protected,
        protected=scope.defaults.protected,
        statements=(delivery,),
    )
    return make_bucket(scope, plan)


def log_rules(days: int) -> list[s3.BucketLifecycleConfigurationRuleArgs]:
    """Expiry of logs after the platform's log retention; an expiry in days removes delete markers too."""
    old_versions = s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
        noncurrent_days=_OLD_VERSIONS_DAYS
    )
    return [
        lifecycle_rule("logs", expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days)),
        lifecycle_rule("old-versions", noncurrent=old_versions),
    ]
