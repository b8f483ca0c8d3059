"""Reads and writes of objects are logged."""

from __future__ import annotations

from mlplatform.checks.predicates import is_set
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.storage import takes_access_logs, takes_flow_logs

_LOGGING = "aws:s3/bucketLogging:BucketLogging"


def _logged(bucket: Resource) -> list[CheckFault]:
    return [] if bucket.siblings(_LOGGING, "bucket") else [CheckFault("Access to the bucket is not logged.")]


def _no_log_bucket(bucket: Resource) -> bool:
    others = bucket.index.of("gcp:storage/bucket:Bucket")
    return not any(
        bucket.step.urn in other.from_others("logging") or other.text("logging.logBucket") == bucket.text("name")
        for other in others
        if other.has("logging")
    )


def _diagnosed(account: Resource) -> list[CheckFault]:
    settings = account.siblings("azure-native:monitor:DiagnosticSetting", "resourceUri")
    on = {
        log.text("category")
        for setting in settings
        for at, item in setting.each("logs[]")
        if (log := setting.inside(at, item)).true("enabled")
    }
    missing = {"StorageRead", "StorageWrite", "StorageDelete"} - on
    return [CheckFault(f"{', '.join(sorted(missing))} of blobs are not logged.")] if missing else []


RULE = CheckRule(
    id="bucket-access-logs",
    level="medium",
    topic="logging",
    title="Access to objects is logged",
    why="Without access logs nobody can see who read training data or replaced a model.",
    fix="Send the access logs to the platform's log bucket or workspace.",
    entries=(
        Entry(
            ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"),
            _logged,
            refs=("AWS FSBP S3.9", "CIS AWS 5.0 3.4"),
            link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
            # logging the log bucket into itself would never end
            when=lambda bucket: not takes_access_logs(bucket),
            siblings=True,
        ),
        Entry(
            ("gcp:storage/bucket:Bucket",),
            is_set("logging.logBucket", "Access to the bucket is not logged."),
            link="https://cloud.google.com/storage/docs/access-logs",
            when=_no_log_bucket,
            siblings=True,
        ),
        Entry(
            ("azure-native:storage:StorageAccount",),
            _diagnosed,
            refs=("MCSB LT-3",),
            link="https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage",
            when=lambda account: not takes_flow_logs(account),
            siblings=True,
        ),
    ),
)
