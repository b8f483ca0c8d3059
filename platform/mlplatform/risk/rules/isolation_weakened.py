"""Code is less apart from other code, from its host or from the outside."""

from __future__ import annotations

from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.tables.isolation import ISOLATION
from mlplatform.risk.rule import RiskRule

RULE = RiskRule(
    id="isolation-weakened",
    topic="exposure",
    title="Code stays apart from its host and from other code",
    fix="Keep the isolation; give the one workload that needs more a place of its own.",
    examine=GuardTable(ISOLATION).examine,
    covers=frozenset({"cluster-admission", "node-boot", "node-metadata", "node-ssh"}),
)
