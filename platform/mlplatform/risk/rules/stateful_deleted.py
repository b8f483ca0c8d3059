"""Something that holds data is deleted."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.stateful import is_stateful
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("delete"):
        step = change.step
        if not is_stateful(step.type):
            continue
        if step.retain_on_delete:
            yield Hit(
                "medium", step.urn, "It holds data and leaves the stack; it stays in the cloud and still costs money."
            )
        elif step.protect:
            yield Hit(
                "critical", step.urn, "It holds data and would be deleted; it is protected, so `pulumi up` fails."
            )
        else:
            yield Hit("critical", step.urn, "It holds data and would be deleted with everything in it.")


RULE = RiskRule(
    id="stateful-deleted",
    topic="data loss",
    title="Nothing that holds data is deleted",
    fix="Keep it in the spec, or copy its contents first and state so in the review.",
    examine=_examine,
    link="https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
)
