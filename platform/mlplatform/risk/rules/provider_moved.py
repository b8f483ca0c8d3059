"""The provider's own account, region, servers or identity change: everything below it goes elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.change import OPTIONS
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.tables.providers import PROVIDERS
from mlplatform.risk.rule import Hit, RiskRule

_TABLE = GuardTable(PROVIDERS)


def _examine(evidence: Evidence) -> Iterator[Hit]:
    yield from _TABLE.examine(evidence)
    for change in evidence.of("update", "replace"):
        if any(item.path == (OPTIONS, "provider") for item in change.properties):
            text = "It moves to another provider, which may be of another account or region."
            yield Hit("high", change.step.urn, text, f"{OPTIONS}.provider")


RULE = RiskRule(
    id="provider-moved",
    topic="access",
    title="Everything stays in its account and region",
    fix="Make a stack of its own for another account or region; keep the list of allowed accounts.",
    examine=_examine,
    link="https://www.pulumi.com/docs/iac/concepts/resources/providers/",
)
