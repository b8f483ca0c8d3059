"""A private resource becomes reachable from outside."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.tables.exposure import EXPOSURE
from mlplatform.risk.rule import Hit, RiskRule

_TABLE = GuardTable(EXPOSURE)
_CARRIERS = frozenset({"Deployment", "Workflow"})
"""Resources that contain settings of others; the checks look at those where they take effect."""


def _examine(evidence: Evidence) -> Iterator[Hit]:
    reported = _parents_reported(evidence)
    for hit in _TABLE.examine(evidence):
        step = evidence.after[hit.urn]
        if not (step.parent in reported and step.type.rpartition(":")[2] in _CARRIERS):
            yield hit


def _parents_reported(evidence: Evidence) -> set[str]:
    """Parents of resources for which a check of public access has a new finding."""
    before, after = evidence.checked
    topics = {rule.id: rule.topic for rule in after.rules}
    known = {(finding.rule, finding.urn) for finding in before.findings}
    return {
        evidence.after[finding.urn].parent
        for finding in after.findings
        if topics.get(finding.rule) == "public access" and (finding.rule, finding.urn) not in known
    }


RULE = RiskRule(
    id="made-public",
    topic="exposure",
    title="Nothing private becomes public",
    fix="Keep it private and reach it through the network, or state in the review who calls it from where.",
    examine=_examine,
    headline="{things} [becomes|become] public",
    covers=frozenset(
        {
            "cluster-private-endpoint",
            "database-public-access",
            "endpoint-private",
            "node-private",
            "service-public-network",
        }
    ),
)
