"""Somebody else administers a cluster, a store, an application, or the organisation."""

from __future__ import annotations

from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.tables.administrators import ADMINISTRATORS
from mlplatform.risk.rule import RiskRule

RULE = RiskRule(
    id="administration-widened",
    topic="access",
    title="Nobody else administers clusters and applications",
    fix="Name the one group or identity that administers it, and take rights from the cloud's own identities.",
    examine=GuardTable(ADMINISTRATORS).examine,
    covers=frozenset({"cluster-accounts", "cluster-administrator", "cluster-anonymous", "long-lived-keys"}),
)
