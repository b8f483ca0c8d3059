"""Buckets are encrypted with a customer-managed key."""

from __future__ import annotations

from mlplatform.checks.predicates import own_key
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.storage import takes_access_logs

_SSE = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
_KEY = "rules[].applyServerSideEncryptionByDefault.kmsMasterKeyId"


def _encrypted(bucket: Resource) -> list[CheckFault]:
    settings = bucket.siblings(_SSE, "bucket")
    if not settings:
        return [CheckFault("The bucket has no encryption key.")]
    test = own_key(_KEY, "The bucket is encrypted with AWS's key, not with a customer-managed one.")
    return [fault for setting in settings for fault in test(setting)]


RULE = CheckRule(
    id="bucket-encryption",
    level="high",
    topic="encryption",
    title="Buckets are encrypted with customer-managed keys",
    why="Only a customer-managed key can be revoked, and its use shows in the audit log.",
    fix="Encrypt it with one of the platform's keys.",
    entries=(
        Entry(
            ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"),
            _encrypted,
            refs=("AWS FSBP S3.17",),
            link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
            # S3 delivers access logs only to buckets with its own key
            when=lambda bucket: not takes_access_logs(bucket),
            siblings=True,
        ),
        Entry(
            ("gcp:storage/bucket:Bucket",),
            own_key("encryption.defaultKmsKeyName", "The bucket has no Cloud KMS key."),
            link="https://cloud.google.com/storage/docs/encryption/customer-managed-keys",
        ),
        Entry(
            ("azure-native:storage:StorageAccount",),
            own_key(
                "encryption.keyVaultProperties.keyName",
                "The account is encrypted with Microsoft's key, not with a customer-managed one.",
            ),
            refs=("CIS Azure 4.0 2.1.1.2.1", "MCSB DP-5"),
            link="https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview",
        ),
    ),
)
