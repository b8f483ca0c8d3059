"""Buckets keep old versions of overwritten objects."""

from __future__ import annotations

from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.storage import takes_flow_logs

_SERVICE = "azure-native:storage:BlobServiceProperties"


def _versioned(bucket: Resource) -> list[CheckFault]:
    found = bucket.siblings("aws:s3/bucketVersioning:BucketVersioning", "bucket")
    if any(one.text("versioningConfiguration.status") == "Enabled" for one in found):
        return []
    return [CheckFault("The bucket keeps no versions.", "versioningConfiguration.status")]


def _enabled(bucket: Resource) -> list[CheckFault]:
    return (
        [] if bucket.true("versioning.enabled") else [CheckFault("The bucket keeps no versions.", "versioning.enabled")]
    )


def _not_locked(bucket: Resource) -> bool:
    # a retention policy and versions exclude each other; under the policy nothing is overwritten
    return not bucket.has("retentionPolicy")


def _holds_data(account: Resource) -> bool:
    # the storage of a workspace itself is scratch
    return not (
        takes_flow_logs(account) or account.siblings("azure-native:machinelearningservices:Workspace", "storageAccount")
    )


def _service(account: Resource) -> list[CheckFault]:
    found = account.siblings(_SERVICE, "accountName")
    if any(one.true("isVersioningEnabled") for one in found):
        return []
    return [CheckFault("The account keeps no versions of blobs.", "isVersioningEnabled")]


RULE = CheckRule(
    id="bucket-versioning",
    level="medium",
    topic="recovery",
    title="Buckets keep old versions",
    why="Without versions an overwritten model or data set is gone, and runs cannot be repeated.",
    fix="Enable versioning, with an expiry for old versions.",
    entries=(
        Entry(
            ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"),
            _versioned,
            refs=("AWS FSBP S3.14",),
            link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
            siblings=True,
        ),
        Entry(
            ("gcp:storage/bucket:Bucket",),
            _enabled,
            link="https://cloud.google.com/storage/docs/object-versioning",
            when=_not_locked,
        ),
        Entry(
            ("azure-native:storage:StorageAccount",),
            _service,
            refs=("CIS Azure 4.0 10.2.2",),
            link="https://learn.microsoft.com/azure/storage/blobs/versioning-overview",
            when=_holds_data,
            siblings=True,
        ),
    ),
)
