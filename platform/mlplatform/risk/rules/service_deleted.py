"""Something that serves people or jobs goes."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.model import Step
from mlplatform.plan.stateful import is_stateful
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule
from mlplatform.risk.serving import affected_users


def _examine(evidence: Evidence) -> Iterator[Hit]:
    gone = {change.step.urn: change.step for change in evidence.of("delete")}
    for step in gone.values():
        who = affected_users(step.type)
        # what goes with what it belongs to is no loss of its own
        belongs = any(urn in gone and _is_told(gone[urn]) for urn in step.dependencies)
        if who and not is_stateful(step.type) and not belongs:
            yield Hit("high", step.urn, f"It goes for good, which ends {who}.")


def _is_told(step: Step) -> bool:
    return is_stateful(step.type) or bool(affected_users(step.type))


RULE = RiskRule(
    id="service-deleted",
    topic="downtime",
    title="Nothing that serves is deleted",
    fix="Make sure that nothing uses it any more: its metrics and logs of the last days tell.",
    examine=_examine,
)
