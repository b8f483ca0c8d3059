"""A rule that refuses, a firewall, an endpoint's policy, a private name or a rule of the organisation is removed."""

from __future__ import annotations

from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.tables.network import GUARDS
from mlplatform.risk.rule import RiskRule

RULE = RiskRule(
    id="guard-removed",
    topic="exposure",
    title="No guard of the network or the organisation is removed",
    fix="Keep it; where it stands in the way, let through the one thing that it stops wrongly.",
    examine=GuardTable(GUARDS).examine,
    covers=frozenset({"default-network", "network-policy", "subnet-guard", "workload-egress"}),
)
