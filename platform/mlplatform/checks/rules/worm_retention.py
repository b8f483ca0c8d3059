"""Object locks have a retention period."""

from __future__ import annotations

from mlplatform.checks.predicates import is_at_least
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"


def _has_period(bucket: Resource) -> list[CheckFault]:
    locks = bucket.siblings(_LOCK, "bucket")
    if any(lock.has("rule.defaultRetention.days") or lock.has("rule.defaultRetention.years") for lock in locks):
        return []
    return [CheckFault("Object Lock is on, but no default retention period locks new objects.", "objectLockEnabled")]


RULE = CheckRule(
    id="worm-retention",
    level="medium",
    topic="recovery",
    title="Object locks have a retention period",
    why="A lock without a period protects nothing unless every writer sets one.",
    fix="Set a default retention period.",
    entries=(
        Entry(
            ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"),
            _has_period,
            refs=("AWS FSBP S3.15",),
            link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
            when=lambda bucket: bucket.true("objectLockEnabled"),
            siblings=True,
        ),
        Entry(
            ("gcp:storage/bucket:Bucket",),
            is_at_least("retentionPolicy.retentionPeriod", 1, "The retention policy has no period."),
            refs=("CIS GCP 4.0 2.3",),
            link="https://cloud.google.com/storage/docs/bucket-lock",
            when=lambda bucket: bucket.has("retentionPolicy"),
        ),
        Entry(
            ("azure-native:storage:ImmutabilityPolicy", "azure-native:storage:BlobContainerImmutabilityPolicy"),
            is_at_least("immutabilityPeriodSinceCreationInDays", 1, "The immutability policy has no period."),
            link="https://learn.microsoft.com/azure/storage/blobs/immutable-time-based-retention-policy-overview",
        ),
    ),
)
