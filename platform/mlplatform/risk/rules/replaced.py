"""Something that serves people or jobs is made anew."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.stateful import is_stateful
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule
from mlplatform.risk.serving import affected_users


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("replace"):
        step = change.step
        if is_stateful(step.type):
            continue
        who = affected_users(step.type)
        cause = next((one for one in change.properties if one.replaces), None)
        path = cause.text if cause else ""
        if who and step.delete_before_replace:
            yield Hit("high", step.urn, f"It is deleted before the new one is there, which interrupts {who}.", path)
        elif who:
            yield Hit("medium", step.urn, f"It is made anew; {who} must move over.", path)
        elif step.delete_before_replace:
            yield Hit("low", step.urn, "It is deleted before the new one is there.", path)


RULE = RiskRule(
    id="service-replaced",
    topic="downtime",
    title="Nothing that serves is replaced",
    fix="Do it outside working hours, or add the new one beside the old and remove the old later.",
    examine=_examine,
    link="https://www.pulumi.com/docs/iac/concepts/resources/options/deletebeforereplace/",
)
