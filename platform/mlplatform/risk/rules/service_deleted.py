"""Something that serves people or jobs goes."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.stateful import is_stateful
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule
from mlplatform.risk.serving import who_leans_on


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("delete"):
        who = who_leans_on(change.step.type)
        if who and not is_stateful(change.step.type):
            yield Hit("high", change.step.urn, f"It goes for good, which ends {who}.")


RULE = RiskRule(
    id="service-deleted",
    topic="downtime",
    title="Nothing that serves is deleted",
    fix="Make sure nobody calls it any more: its request metric of the last days tells.",
    examine=_examine,
)
