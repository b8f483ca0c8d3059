"""S3 removes the parts of incomplete uploads."""

from __future__ import annotations

from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_RULES = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_ABORT = "rules[].abortIncompleteMultipartUpload.daysAfterInitiation"


def _aborted(bucket: Resource) -> list[CheckFault]:
    found = bucket.siblings(_RULES, "bucket")
    if any(one.has(_ABORT) for one in found):
        return []
    return [CheckFault("Parts of incomplete uploads are kept and billed.", _ABORT)]


RULE = CheckRule(
    id="bucket-lifecycle",
    level="low",
    topic="recovery",
    title="S3 removes incomplete uploads",
    why="Checkpoints are large: parts of incomplete uploads are invisible, hold data and are billed like objects.",
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
