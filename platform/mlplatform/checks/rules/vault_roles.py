"""Azure key vaults use role-based access control."""

from __future__ import annotations

from mlplatform.checks.predicates import is_true
from mlplatform.checks.rule import CheckRule, Entry

RULE = CheckRule(
    id="vault-roles",
    level="medium",
    topic="keys",
    title="Azure key vaults use role-based access control",
    why="Access policies apply to a whole vault, and anyone who may edit the vault can grant them to themselves.",
    fix="Switch the vault to role-based access control.",
    entries=(
        Entry(
            ("azure-native:keyvault:Vault",),
            is_true("properties.enableRbacAuthorization", "The vault uses access policies, not roles."),
            refs=("CIS Azure 4.0 9.3.6", "MCSB PA-7"),
            link="https://learn.microsoft.com/azure/key-vault/general/rbac-guide",
        ),
    ),
)
