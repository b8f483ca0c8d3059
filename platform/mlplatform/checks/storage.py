"""Common conditions of rules about buckets: whether one receives logs, or deletes its objects automatically."""

from __future__ import annotations

from mlplatform.checks.resource import Resource

QUARTER = 92
"""Days: objects deleted within them need not outlive the stack."""


def takes_access_logs(bucket: Resource) -> bool:
    """Whether S3 delivers access logs into a bucket."""
    return bool(bucket.siblings("aws:s3/bucketLogging:BucketLogging", "targetBucket"))


def takes_flow_logs(account: Resource) -> bool:
    """Whether a network watcher delivers flow logs into an account: it rewrites the blob of each hour every minute."""
    return bool(account.siblings("azure-native:network:FlowLog", "storageId"))


def expires_by_rules(bucket: Resource) -> bool:
    """Whether a lifecycle configuration deletes all objects of an S3 bucket within a quarter."""
    configurations = bucket.siblings("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "bucket")
    return any(
        0 < rule.number("expiration.days") <= QUARTER and not rule.text("filter.prefix")
        for configuration in configurations
        for at, item in configuration.each("rules[]")
        if (rule := configuration.inside(at, item)).text("status") == "Enabled"
    )


def expires_by_age(bucket: Resource) -> bool:
    """Whether a lifecycle rule deletes all live objects of a Cloud Storage bucket within a quarter."""
    return any(
        0 < rule.number("condition.age") <= QUARTER and rule.text("condition.withState") != "ARCHIVED"
        for at, item in bucket.each("lifecycleRules[]")
        if (rule := bucket.inside(at, item)).text("action.type") == "Delete"
    )
