"""What several rules about buckets ask: whether a bucket takes logs, or holds only what ends by itself."""

from __future__ import annotations

from mlplatform.checks.resource import Resource

QUARTER = 92
"""Days: what ends by itself within them need not outlive its stack."""


def takes_access_logs(bucket: Resource) -> bool:
    """Whether S3 delivers access logs into a bucket."""
    return bool(bucket.siblings("aws:s3/bucketLogging:BucketLogging", "targetBucket"))


def takes_flow_logs(account: Resource) -> bool:
    """Whether a network watcher delivers flow logs into an account: it rewrites its hour's blob every minute."""
    return bool(account.siblings("azure-native:network:FlowLog", "storageId"))


def expires_by_rules(bucket: Resource) -> bool:
    """Whether a rule in a lifecycle configuration of its own deletes everything of an S3 bucket within a quarter."""
    found = bucket.siblings("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "bucket")
    return any(
        0 < rule.number("expiration.days") <= QUARTER and not rule.text("filter.prefix")
        for one in found
        for at, item in one.each("rules[]")
        if (rule := one.inside(at, item)).text("status") == "Enabled"
    )


def expires_by_age(bucket: Resource) -> bool:
    """Whether a lifecycle rule deletes every live object of a Cloud Storage bucket within a quarter."""
    return any(
        0 < rule.number("condition.age") <= QUARTER and rule.text("condition.withState") != "ARCHIVED"
        for at, item in bucket.each("lifecycleRules[]")
        if (rule := bucket.inside(at, item)).text("action.type") == "Delete"
    )
