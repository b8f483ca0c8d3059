"""Databases and caches are encrypted with a customer-managed key."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_one_of, is_true, own_key
from mlplatform.checks.rule import CheckRule, Entry

_REASON = "It is encrypted with the cloud's key, not with a customer-managed one."

RULE = CheckRule(
    id="database-encryption",
    level="high",
    topic="encryption",
    title="Databases and caches are encrypted with customer-managed keys",
    why="Feature stores and tracking servers hold the data that models are built from.",
    fix="Encrypt it with one of the platform's keys.",
    entries=(
        Entry(
            ("aws:rds/instance:Instance", "aws:rds/cluster:Cluster"),
            both(is_true("storageEncrypted", "The storage is not encrypted."), own_key("kmsKeyId", _REASON)),
            refs=("CIS AWS 5.0 2.2.1", "AWS FSBP RDS.3", "AWS FSBP RDS.27"),
            link="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
        ),
        Entry(
            ("aws:dynamodb/table:Table",),
            own_key("serverSideEncryption.kmsKeyArn", _REASON),
            link="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html",
        ),
        Entry(
            ("aws:elasticache/replicationGroup:ReplicationGroup",),
            both(is_true("atRestEncryptionEnabled", "Data at rest is not encrypted."), own_key("kmsKeyId", _REASON)),
            refs=("AWS FSBP ElastiCache.4",),
            link="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html",
        ),
        Entry(
            ("gcp:sql/databaseInstance:DatabaseInstance",),
            own_key("encryptionKeyName", _REASON),
            link="https://cloud.google.com/sql/docs/postgres/cmek",
        ),
        Entry(
            ("gcp:bigquery/dataset:Dataset",),
            own_key("defaultEncryptionConfiguration.kmsKeyName", _REASON),
            refs=("CIS GCP 4.0 7.3",),
            link="https://cloud.google.com/bigquery/docs/customer-managed-encryption",
        ),
        Entry(
            ("gcp:redis/instance:Instance",),
            own_key("customerManagedKey", _REASON),
            link="https://cloud.google.com/memorystore/docs/redis/cmek",
        ),
        Entry(
            ("azure-native:dbforpostgresql:Server",),
            is_one_of("dataEncryption.type", ("AzureKeyVault",), _REASON),
            refs=("MCSB DP-5",),
            link="https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-data-encryption",
        ),
        Entry(
            ("azure-native:cosmosdb:DatabaseAccount", "azure-native:documentdb:DatabaseAccount"),
            own_key("keyVaultKeyUri", _REASON),
            refs=("MCSB DP-5",),
            link="https://learn.microsoft.com/azure/cosmos-db/how-to-setup-customer-managed-keys",
        ),
    ),
)
