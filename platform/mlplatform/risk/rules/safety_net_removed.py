"""A rollback, spare copies, a health check, zones, repairs or quotas are removed."""

from __future__ import annotations

from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.tables.safety import SAFETY
from mlplatform.risk.rule import RiskRule

RULE = RiskRule(
    id="safety-net-removed",
    topic="downtime",
    title="Safety nets of services and nodes stay",
    fix="Keep it, or say in the review what catches the failure instead.",
    examine=GuardTable(SAFETY).examine,
    covers=frozenset({"node-updates"}),
)
