"""Azure storage is not replicated to other tenants."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_false, is_one_of
from mlplatform.checks.rule import CheckRule, Entry

RULE = CheckRule(
    id="storage-tenancy",
    level="medium",
    topic="public access",
    title="Azure storage is not replicated to other tenants",
    why="Replication to another tenant exports data without a single read request.",
    fix="Disable replication across tenants and limit copies to your own directory.",
    entries=(
        Entry(
            ("azure-native:storage:StorageAccount",),
            both(
                is_false("allowCrossTenantReplication", "Objects may be replicated to other tenants."),
                is_one_of("allowedCopyScope", ("AAD", "PrivateLink"), "Copies may go to accounts of other tenants"),
            ),
            refs=("CIS Azure 4.0 10.3.8", "MCSB DP-2"),
            link="https://learn.microsoft.com/azure/storage/blobs/object-replication-prevent-cross-tenant-policies",
        ),
    ),
)
