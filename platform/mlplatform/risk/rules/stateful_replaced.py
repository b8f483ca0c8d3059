"""Something that holds data is replaced by an empty resource."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.stateful import holds_data
from mlplatform.risk.consequence import STOPS, deletion_of, refusal_headline
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("replace"):
        if not holds_data(change.step):
            continue
        cause = next((item for item in change.properties if item.replaces), None)
        path = cause.text if cause else ""
        old = change.before or change.step
        if old.retain_on_delete:
            yield Hit(
                "high", change.step.urn, "A new, empty one takes its place; the old one stays in the cloud.", path
            )
        elif old.protect:
            reason = f"A new, empty one would take its place. {STOPS}"
            yield Hit("critical", change.step.urn, reason, path, headline=refusal_headline(old, "replaced"))
        else:
            order = (
                "It is deleted, and then a new, empty one is made"
                if change.deleted_first
                else "A new, empty one is made, and then the old one is deleted"
            )
            reason = f"{order}. {deletion_of(old)}"
            yield Hit("critical", change.step.urn, reason, path, headline=refusal_headline(old, "replaced"))


RULE = RiskRule(
    id="stateful-replaced",
    topic="data loss",
    title="Nothing that holds data is replaced",
    fix="Undo the change that replaces it, or move the data to the new one.",
    examine=_examine,
    headline="{things} [is|are] replaced by [an empty one|empty ones]",
    link="https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
)
