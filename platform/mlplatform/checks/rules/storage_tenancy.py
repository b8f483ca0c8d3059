"""Data is not copied out of the organisation's directory."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_false, is_one_of
from mlplatform.checks.rule import Entry, Rule

RULE = Rule(
    id="storage-tenancy",
    level="medium",
    topic="public access",
    title="Data is not copied out of the directory",
    why="Replication into another tenant takes data out without anybody reading it.",
    fix="Refuse replication across tenants and limit copies to the directory.",
    entries=(
        Entry(
            ("azure-native:storage:StorageAccount",),
            both(
                is_false("allowCrossTenantReplication", "Objects may be replicated into other tenants."),
                is_one_of("allowedCopyScope", ("AAD", "PrivateLink"), "Copies may go to accounts of other tenants"),
            ),
            refs=("CIS Azure 4.0 10.3.8", "MCSB DP-2"),
            link="https://learn.microsoft.com/azure/storage/blobs/object-replication-prevent-cross-tenant-policies",
        ),
    ),
)
