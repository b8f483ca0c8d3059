"""Temporary disks and caches of nodes are encrypted on the host."""

from __future__ import annotations

from mlplatform.checks.predicates import each, is_true
from mlplatform.checks.rule import Entry, Rule

_REASON = "Temporary disks and caches of the nodes are not encrypted at the host."
_LINK = "https://learn.microsoft.com/azure/aks/enable-host-encryption"

RULE = Rule(
    id="host-encryption",
    level="medium",
    topic="encryption",
    title="Temporary disks of nodes are encrypted at the host",
    why="What training spills to local disks is otherwise outside the disk's own encryption.",
    fix="Switch encryption at host on.",
    entries=(
        Entry(
            ("azure-native:containerservice:AgentPool",),
            is_true("enableEncryptionAtHost", _REASON),
            refs=("MCSB DP-4",),
            link=_LINK,
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            each("agentPoolProfiles", is_true("enableEncryptionAtHost", _REASON)),
            refs=("MCSB DP-4",),
            link=_LINK,
        ),
        Entry(
            ("azure-native:storage:StorageAccount",),
            is_true("encryption.requireInfrastructureEncryption", "Data is encrypted once, not twice."),
            refs=("MCSB DP-4",),
            link="https://learn.microsoft.com/azure/storage/common/infrastructure-encryption-enable",
        ),
    ),
)
