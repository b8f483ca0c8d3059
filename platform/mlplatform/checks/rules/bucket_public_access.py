"""Buckets and containers block public access, whatever their policies allow."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_false, is_one_of, is_true
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _blocked(bucket: Resource) -> list[CheckFault]:
    blocks = bucket.siblings("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bucket")
    if not blocks:
        return [CheckFault("The bucket has no public access block.")]
    return [
        CheckFault(f"The bucket's public access block leaves {flag} off.", flag)
        for flag in _FLAGS
        if not any(block.true(flag) for block in blocks)
    ]


RULE = CheckRule(
    id="bucket-public-access",
    level="critical",
    topic="public access",
    title="Buckets and containers block public access",
    why="Otherwise one wrong policy or ACL publishes training data and models to the internet.",
    fix="Enable the public access block.",
    entries=(
        Entry(
            ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"),
            _blocked,
            refs=("CIS AWS 5.0 2.1.4", "AWS FSBP S3.8"),
            link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
            siblings=True,
        ),
        Entry(
            ("gcp:storage/bucket:Bucket",),
            is_one_of("publicAccessPrevention", ("enforced",), "Public access prevention is not enforced"),
            refs=("CIS GCP 4.0 5.1",),
            link="https://cloud.google.com/storage/docs/public-access-prevention",
        ),
        Entry(
            ("azure-native:storage:StorageAccount",),
            is_false("allowBlobPublicAccess", "The account allows anonymous access to blobs."),
            refs=("CIS Azure 4.0 10.3.9", "MCSB DP-2"),
            link="https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent",
        ),
        Entry(
            ("azure-native:storage:BlobContainer",),
            is_one_of("publicAccess", ("None",), "The container is open to anonymous readers", default="None"),
            refs=("CIS Azure 4.0 10.3.9",),
            link="https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent",
        ),
        Entry(
            ("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",),
            both(*(is_true(flag, f"The account's public access block leaves {flag} off.") for flag in _FLAGS)),
            refs=("AWS FSBP S3.1",),
            link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
        ),
    ),
)
