"""Access to objects is decided by policies alone, not by each object's own list."""

from __future__ import annotations

from mlplatform.checks.predicates import is_true
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry


def _owned(bucket: Resource) -> list[CheckFault]:
    controls = bucket.siblings("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "bucket")
    if any(control.text("rule.objectOwnership") != "BucketOwnerEnforced" for control in controls):
        return [CheckFault("Objects may have ACLs and other owners than the bucket's.", "rule.objectOwnership")]
    return []


RULE = CheckRule(
    id="bucket-uniform-access",
    level="medium",
    topic="public access",
    title="Access to objects is decided by policies, not by ACLs",
    why="ACLs of single objects escape every review of the bucket's policy.",
    fix="Enforce the bucket owner for every object, or enable uniform access.",
    entries=(
        Entry(
            ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"),
            _owned,
            refs=("AWS FSBP S3.12",),
            link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
            siblings=True,
        ),
        Entry(
            ("gcp:storage/bucket:Bucket",),
            is_true("uniformBucketLevelAccess", "Uniform bucket-level access is off."),
            refs=("CIS GCP 4.0 5.2",),
            link="https://cloud.google.com/storage/docs/uniform-bucket-level-access",
        ),
    ),
)
