"""Uploads that were broken off do not stay for ever."""

from __future__ import annotations

from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import Entry, Fault, Rule

_RULES = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_ABORT = "rules[].abortIncompleteMultipartUpload.daysAfterInitiation"


def _aborted(bucket: Resource) -> list[Fault]:
    found = bucket.siblings(_RULES, "bucket")
    if any(one.has(_ABORT) for one in found):
        return []
    return [Fault("Parts of uploads that were broken off are kept and paid for.", _ABORT)]


RULE = Rule(
    id="bucket-lifecycle",
    level="low",
    topic="recovery",
    title="Uploads that were broken off are cleared away",
    why="Checkpoints are large: parts of broken uploads are invisible, hold data and cost like the whole.",
    fix="Abort incomplete uploads after some days.",
    entries=(
        Entry(
            ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"),
            _aborted,
            refs=("AWS FSBP S3.13",),
            link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html",
            siblings=True,
        ),
    ),
)
