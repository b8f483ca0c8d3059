"""Something that serves people or jobs is deleted."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.model import Step
from mlplatform.plan.stateful import is_stateful
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule
from mlplatform.risk.serving import ENDPOINT_USERS, affected_users


def _examine(evidence: Evidence) -> Iterator[Hit]:
    gone = {change.step.urn: change.step for change in evidence.of("delete")}
    for step in gone.values():
        users = affected_users(step.type)
        # what is deleted together with its owner is reported there
        belongs = any(urn in gone and _owns(gone[urn], step) for urn in step.dependencies)
        if users and not is_stateful(step.type) and not belongs:
            yield Hit("high", step.urn, f"It is deleted for good, which cuts off {users}.")


def _owns(owner: Step, step: Step) -> bool:
    """Whether a finding about the owner covers a deletion: it does not cover an endpoint whose images or network go."""
    if _is_endpoint(step):
        return owner.type == _PARTS.get(step.type)
    return is_stateful(owner.type) or bool(affected_users(owner.type))


def _is_endpoint(step: Step) -> bool:
    return affected_users(step.type) == ENDPOINT_USERS


_PARTS = {
    "azure-native:machinelearningservices:OnlineDeployment": "azure-native:machinelearningservices:OnlineEndpoint",
}
"""Types that are a part of an endpoint, with the type of the endpoint."""


RULE = RiskRule(
    id="service-deleted",
    topic="downtime",
    title="Nothing that serves people or jobs is deleted",
    fix="Make sure that nothing uses it any more: check its metrics and logs of the last days.",
    examine=_examine,
    headline="{things} [goes|go] for good",
)
