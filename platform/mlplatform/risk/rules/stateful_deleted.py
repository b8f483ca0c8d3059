"""Something that holds data is deleted."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.model import Step
from mlplatform.plan.stateful import holds_data
from mlplatform.risk.consequence import deletion_of, refusal_headline
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

_REPOSITORY = "gcp:artifactregistry/repository:Repository"


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("delete"):
        step = change.step
        if not holds_data(step) or _is_cache(step):
            continue
        if step.retain_on_delete:
            yield Hit(
                "medium",
                step.urn,
                "It holds data and leaves the stack; it stays in the cloud and still costs money.",
                headline="{things} [leaves|leave] the stack and [stays|stay] in the cloud",
            )
        else:
            reason = f"It holds data and would be deleted. {deletion_of(step)}"
            yield Hit("critical", step.urn, reason, headline=refusal_headline(step, "deleted"))


def _is_cache(step: Step) -> bool:
    """Whether it holds copies of public images only, which are pulled again."""
    return step.type == _REPOSITORY and step.inputs.get("mode") == "REMOTE_REPOSITORY"


RULE = RiskRule(
    id="stateful-deleted",
    topic="data loss",
    title="Nothing that holds data is deleted",
    fix="Keep it in the spec, or copy its contents first and state so in the review.",
    examine=_examine,
    headline="{things} [is|are] deleted with everything in [it|them]",
    link="https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
)
