"""Something that would make people notice is removed, switched off, muted, or tells somebody else."""

from __future__ import annotations

from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.tables.monitoring import MONITORING
from mlplatform.risk.rule import RiskRule

RULE = RiskRule(
    id="monitoring-weakened",
    topic="monitoring",
    title="Alarms, logs and audits see what they saw before",
    fix="Keep it; tune an alarm in a change of its own, with the figures of the last weeks.",
    examine=GuardTable(MONITORING).examine,
    covers=frozenset(
        {
            "alert-receivers",
            "audit-trail",
            "bucket-access-logs",
            "budget-present",
            "cluster-audit-logs",
            "firewall-logs",
            "flow-logs",
            "service-audit-logs",
        }
    ),
)
