"""Something that serves people or jobs is deleted."""

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
        users = affected_users(step.type)
        # what is deleted together with its owner is reported there
        belongs = any(urn in gone and _is_reported(gone[urn]) for urn in step.dependencies)
        if users and not is_stateful(step.type) and not belongs:
            yield Hit("high", step.urn, f"It is deleted for good, which cuts off {users}.")


def _is_reported(step: Step) -> bool:
    return is_stateful(step.type) or bool(affected_users(step.type))


RULE = RiskRule(
    id="service-deleted",
    topic="downtime",
    title="Nothing that serves people or jobs is deleted",
    fix="Make sure that nothing uses it any more: check its metrics and logs of the last days.",
    examine=_examine,
)
