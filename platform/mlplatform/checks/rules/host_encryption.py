"""Temporary disks and caches of Azure nodes are encrypted at the host."""

from __future__ import annotations

from mlplatform.checks.predicates import each, is_true
from mlplatform.checks.rule import CheckRule, Entry

_REASON = "Temporary disks and caches of the nodes are not encrypted at the host."
_LINK = "https://learn.microsoft.com/azure/aks/enable-host-encryption"

RULE = CheckRule(
    id="host-encryption",
    level="medium",
    topic="encryption",
    title="Temporary disks of Azure nodes are encrypted at the host",
    why="Otherwise data that training writes to local disks is outside the disk encryption.",
    fix="Enable encryption at host.",
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
            is_true(
                "encryption.requireInfrastructureEncryption",
                "Infrastructure encryption is off: data is encrypted once, not twice.",
            ),
            refs=("MCSB DP-4",),
            link="https://learn.microsoft.com/azure/storage/common/infrastructure-encryption-enable",
        ),
    ),
)
