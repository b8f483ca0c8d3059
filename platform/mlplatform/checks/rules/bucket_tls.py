"""Storage accepts only recent TLS."""

from __future__ import annotations

from mlplatform.checks.documents import policy_statements
from mlplatform.checks.predicates import both, is_one_of, is_true
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry


def _only_tls(bucket: Resource) -> list[CheckFault]:
    policies = bucket.siblings("aws:s3/bucketPolicy:BucketPolicy", "bucket")
    for policy in policies:
        for statement in policy_statements(policy, "policy"):
            everybody = any(name == "*" for _, name in statement.principals)
            if not statement.allows and everybody and "false" in statement.condition("aws:SecureTransport"):
                return []
    return [CheckFault("The bucket's policy does not deny requests without TLS.", "policy")]


RULE = CheckRule(
    id="bucket-tls",
    level="high",
    topic="transport",
    title="Storage accepts only TLS",
    why="Data and tokens sent in clear text can be read and changed on the way.",
    fix="Deny requests without TLS, and versions before 1.2.",
    entries=(
        Entry(
            ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"),
            _only_tls,
            refs=("CIS AWS 5.0 2.1.1", "AWS FSBP S3.5"),
            link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
            siblings=True,
        ),
        Entry(
            ("azure-native:storage:StorageAccount",),
            both(
                is_true("enableHttpsTrafficOnly", "The account accepts requests without TLS.", default=True),
                is_one_of("minimumTlsVersion", ("TLS1_2", "TLS1_3"), "The account does not require TLS 1.2"),
            ),
            refs=("CIS Azure 4.0 10.3.4", "CIS Azure 4.0 10.3.7", "MCSB DP-3"),
            link="https://learn.microsoft.com/azure/storage/common/transport-layer-security-configure-minimum-version",
        ),
    ),
)
