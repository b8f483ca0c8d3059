"""Buckets, accounts and containers."""

from __future__ import annotations

from tests.checks.cases.case import DEV, TAGS, around, case, policy

S3, GCS, AZ = "aws:s3/bucket:Bucket", "gcp:storage/bucket:Bucket", "azure-native:storage:StorageAccount"
KMS = "arn:aws:kms:us-east-1:123456789012:key/8874a053"
FLOW = ("azure-native:network:FlowLog", "storageId", {"targetResourceId": "x"})
LOG_TARGET = ("aws:s3/bucketLogging:BucketLogging", "targetBucket", {"bucket": "b"})
BLOCK = dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True)


def _block(**changes: bool):
    return around({}, ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bucket", {**BLOCK, **changes}))


def _sse(rule: dict[str, object]):
    token = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    return around({}, (token, "bucket", {"rules": [{"applyServerSideEncryptionByDefault": rule}]}))


def _services(**inputs: object):
    return around({}, ("azure-native:storage:BlobServiceProperties", "accountName", inputs))


def _lifecycle(rule: dict[str, object], **inputs: object):
    token = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    return around({"tags": TAGS, **inputs}, (token, "bucket", {"rules": [{"id": "r", "status": "Enabled", **rule}]}))


def _diagnosed(*categories: str):
    logs = [{"category": name, "enabled": True} for name in categories]
    return around({}, ("azure-native:monitor:DiagnosticSetting", "resourceUri", {"logs": logs}))


SHORT = {"lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"age": 30, "withState": "LIVE"}}]}
DAYS = {"enabled": True, "days": 30}

CASES = (
    case("bucket-public-access", S3, _block(), [{}, _block(blockPublicPolicy=False)]),
    case(
        "bucket-public-access",
        GCS,
        {"publicAccessPrevention": "enforced"},
        [{}, {"publicAccessPrevention": "inherited"}],
    ),
    case("bucket-public-access", AZ, [{}, {"allowBlobPublicAccess": False}], {"allowBlobPublicAccess": True}),
    case(
        "bucket-public-access",
        "azure-native:storage:BlobContainer",
        [{}, {"publicAccess": "None"}],
        {"publicAccess": "Blob"},
    ),
    case(
        "bucket-public-access",
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        BLOCK,
        {**BLOCK, "ignorePublicAcls": False},
    ),
    case(
        "bucket-uniform-access",
        S3,
        [
            {},
            around(
                {},
                (
                    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
                    "bucket",
                    {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
                ),
            ),
        ],
        around(
            {},
            (
                "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
                "bucket",
                {"rule": {"objectOwnership": "ObjectWriter"}},
            ),
        ),
    ),
    case("bucket-uniform-access", GCS, {"uniformBucketLevelAccess": True}, [{}, {"uniformBucketLevelAccess": False}]),
    case(
        "bucket-encryption",
        S3,
        _sse({"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KMS}),
        [{}, _sse({"sseAlgorithm": "AES256"}), _sse({"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "alias/aws/s3"})],
        around({}, LOG_TARGET),
    ),
    case("bucket-encryption", GCS, {"encryption": {"defaultKmsKeyName": "projects/p/k"}}, {}),
    case(
        "bucket-encryption",
        AZ,
        {"encryption": {"keySource": "Microsoft.Keyvault", "keyVaultProperties": {"keyName": "store"}}},
        [{}, {"encryption": {"keySource": "Microsoft.Storage"}}],
    ),
    case(
        "bucket-versioning",
        S3,
        around(
            {},
            ("aws:s3/bucketVersioning:BucketVersioning", "bucket", {"versioningConfiguration": {"status": "Enabled"}}),
        ),
        [
            {},
            around(
                {},
                (
                    "aws:s3/bucketVersioning:BucketVersioning",
                    "bucket",
                    {"versioningConfiguration": {"status": "Suspended"}},
                ),
            ),
        ],
    ),
    case(
        "bucket-versioning", GCS, {"versioning": {"enabled": True}}, {}, {"retentionPolicy": {"retentionPeriod": "60"}}
    ),
    case(
        "bucket-versioning",
        AZ,
        _services(isVersioningEnabled=True),
        [{}, _services(isVersioningEnabled=False)],
        [around({}, FLOW), around({}, ("azure-native:machinelearningservices:Workspace", "storageAccount", {}))],
    ),
    case(
        "bucket-soft-delete",
        GCS,
        [{}, {"softDeletePolicy": {"retentionDurationSeconds": 604800}}],
        {"softDeletePolicy": {"retentionDurationSeconds": 0}},
        SHORT,
    ),
    case(
        "bucket-soft-delete",
        AZ,
        _services(deleteRetentionPolicy=DAYS, containerDeleteRetentionPolicy=DAYS),
        [
            {},
            _services(deleteRetentionPolicy=DAYS),
            _services(deleteRetentionPolicy={"enabled": True, "days": 1}, containerDeleteRetentionPolicy=DAYS),
        ],
        around({}, FLOW),
    ),
    case(
        "bucket-access-logs",
        S3,
        around({}, ("aws:s3/bucketLogging:BucketLogging", "bucket", {"targetBucket": "logs"})),
        {},
        around({}, LOG_TARGET),
    ),
    case(
        "bucket-access-logs",
        GCS,
        {"name": "data", "logging": {"logBucket": "logs"}},
        {"name": "data"},
        around({"name": "logs"}, (GCS, "logging", {"name": "data", "logging": {"logBucket": "logs"}})),
    ),
    case(
        "bucket-access-logs",
        AZ,
        _diagnosed("StorageRead", "StorageWrite", "StorageDelete"),
        [{}, _diagnosed("StorageRead")],
        around({}, FLOW),
    ),
    case(
        "bucket-tls",
        S3,
        around(
            {},
            (
                "aws:s3/bucketPolicy:BucketPolicy",
                "bucket",
                {
                    "policy": policy(
                        Effect="Deny",
                        Principal="*",
                        Action="s3:*",
                        Resource="*",
                        Condition={"Bool": {"aws:SecureTransport": False}},
                    )
                },
            ),
        ),
        [
            {},
            around(
                {},
                (
                    "aws:s3/bucketPolicy:BucketPolicy",
                    "bucket",
                    {
                        "policy": policy(
                            Effect="Deny",
                            Principal={"AWS": "arn:x"},
                            Action="s3:*",
                            Condition={"Bool": {"aws:SecureTransport": "false"}},
                        )
                    },
                ),
            ),
        ],
    ),
    case(
        "bucket-tls",
        AZ,
        {"enableHttpsTrafficOnly": True, "minimumTlsVersion": "TLS1_2"},
        [{}, {"minimumTlsVersion": "TLS1_0"}, {"minimumTlsVersion": "TLS1_2", "enableHttpsTrafficOnly": False}],
    ),
    case(
        "bucket-lifecycle",
        S3,
        _lifecycle({"abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}}),
        [{}, _lifecycle({})],
    ),
    case(
        "bucket-force-destroy",
        S3,
        {"forceDestroy": False, "tags": TAGS},
        [{"forceDestroy": True}, _lifecycle({"expiration": {"days": 400}}, forceDestroy=True)],
        [{"forceDestroy": True, "tags": DEV}, _lifecycle({"expiration": {"days": 30}}, forceDestroy=True)],
    ),
    case(
        "bucket-force-destroy",
        GCS,
        {"labels": TAGS},
        {"forceDestroy": True, "labels": TAGS},
        [{"forceDestroy": True, **SHORT}, {"forceDestroy": True, "labels": DEV}],
    ),
    case(
        "worm-retention",
        S3,
        around(
            {"objectLockEnabled": True},
            (
                "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
                "bucket",
                {"rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 30}}},
            ),
        ),
        {"objectLockEnabled": True},
        {},
    ),
    case(
        "worm-retention",
        GCS,
        {"retentionPolicy": {"retentionPeriod": "86400"}},
        {"retentionPolicy": {"isLocked": True}},
        {},
    ),
    case(
        "worm-retention",
        "azure-native:storage:BlobContainerImmutabilityPolicy",
        {"immutabilityPeriodSinceCreationInDays": 30},
        {},
    ),
    case(
        "storage-tenancy",
        AZ,
        {"allowCrossTenantReplication": False, "allowedCopyScope": "AAD"},
        [{}, {"allowCrossTenantReplication": True, "allowedCopyScope": "AAD"}],
    ),
    case("host-encryption", AZ, {"encryption": {"requireInfrastructureEncryption": True}}, {}),
)
