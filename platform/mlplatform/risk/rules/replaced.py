"""Something that serves people or jobs is replaced."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.stateful import holds_data
from mlplatform.risk.consequence import STOPS, refusal_headline
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule
from mlplatform.risk.serving import affected_users


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("replace"):
        step = change.step
        if holds_data(step):
            continue
        users = affected_users(step.type)
        cause = next((item for item in change.properties if item.replaces), None)
        path = cause.text if cause else ""
        if users and (change.before or step).protect:
            reason = f"It would be replaced, which interrupts {users}. {STOPS}"
            yield Hit("high", step.urn, reason, path, headline=refusal_headline(change.before or step, "replaced"))
        elif users and change.deleted_first:
            yield Hit("high", step.urn, f"It is deleted before its replacement exists, which interrupts {users}.", path)
        elif users:
            yield Hit("medium", step.urn, f"It is replaced; {users} must move over.", path)
        elif change.deleted_first:
            yield Hit("low", step.urn, "It is deleted before its replacement exists.", path)


RULE = RiskRule(
    id="service-replaced",
    topic="downtime",
    title="Nothing that serves people or jobs is replaced",
    fix="Apply it outside working hours, or create the new one beside the old, and delete the old one later.",
    examine=_examine,
    headline="{things} [is|are] replaced",
    link="https://www.pulumi.com/docs/iac/concepts/resources/options/deletebeforereplace/",
)
