"""Destroying a stack keeps the contents of its buckets."""

from __future__ import annotations

from mlplatform.checks.predicates import is_false, kept
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckRule, Entry
from mlplatform.checks.storage import expires_by_age, expires_by_rules


def _outlives(bucket: Resource) -> bool:
    return kept(bucket) and not expires_by_rules(bucket)


def _outlives_stack(bucket: Resource) -> bool:
    return kept(bucket) and not expires_by_age(bucket)


_REASON = "Deleting the bucket from the stack deletes everything in it."

RULE = CheckRule(
    id="bucket-force-destroy",
    level="high",
    topic="recovery",
    title="Destroying a stack keeps the contents of its buckets",
    why="Otherwise one wrong destroy, or a replacement, deletes the training data.",
    fix="Set forceDestroy to false; to delete a bucket on purpose, empty it by hand first.",
    entries=(
        Entry(
            ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"),
            is_false("forceDestroy", _REASON),
            link="https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/",
            when=_outlives,
            siblings=True,
        ),
        Entry(
            ("gcp:storage/bucket:Bucket",),
            is_false("forceDestroy", _REASON),
            link="https://www.pulumi.com/registry/packages/gcp/api-docs/storage/bucket/",
            when=_outlives_stack,
        ),
    ),
)
