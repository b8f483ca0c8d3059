"""Rights on a vault are given by roles, one by one."""

from __future__ import annotations

from mlplatform.checks.predicates import is_true
from mlplatform.checks.rule import Entry, Rule

RULE = Rule(
    id="vault-roles",
    level="medium",
    topic="keys",
    title="Rights on vaults are given by roles",
    why="Access policies hold for a whole vault, and whoever may edit the vault may give them to himself.",
    fix="Switch the vault to role-based access control.",
    entries=(
        Entry(
            ("azure-native:keyvault:Vault",),
            is_true("properties.enableRbacAuthorization", "The vault is under access policies, not roles."),
            refs=("CIS Azure 4.0 9.3.6", "MCSB PA-7"),
            link="https://learn.microsoft.com/azure/key-vault/general/rbac-guide",
        ),
    ),
)
