"""Databases and caches require TLS."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_false, is_one_of, is_true
from mlplatform.checks.rule import CheckRule, Entry

RULE = CheckRule(
    id="database-tls",
    level="high",
    topic="transport",
    title="Databases and caches require TLS",
    why="Otherwise features and passwords cross the network in clear text.",
    fix="Refuse connections without TLS.",
    entries=(
        Entry(
            ("aws:elasticache/replicationGroup:ReplicationGroup",),
            is_true("transitEncryptionEnabled", "It accepts connections without TLS."),
            refs=("AWS FSBP ElastiCache.5",),
            link="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html",
        ),
        Entry(
            ("gcp:sql/databaseInstance:DatabaseInstance",),
            is_one_of(
                "settings.ipConfiguration.sslMode",
                ("ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"),
                "It accepts connections without TLS",
            ),
            refs=("CIS GCP 4.0 6.4",),
            link="https://cloud.google.com/sql/docs/postgres/configure-ssl-instance",
        ),
        Entry(
            ("gcp:redis/instance:Instance",),
            is_one_of("transitEncryptionMode", ("SERVER_AUTHENTICATION",), "It accepts connections without TLS"),
            link="https://cloud.google.com/memorystore/docs/redis/about-in-transit-encryption",
        ),
        Entry(
            ("azure-native:redis:Redis",),
            both(
                is_false("enableNonSslPort", "It accepts connections without TLS."),
                is_one_of("minimumTlsVersion", ("1.2",), "It does not require TLS 1.2"),
            ),
            refs=("MCSB DP-3",),
            link="https://learn.microsoft.com/azure/azure-cache-for-redis/cache-tls-configuration",
        ),
    ),
)
