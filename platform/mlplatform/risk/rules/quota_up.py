"""The change needs a higher quota."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule


def _examine(evidence: Evidence) -> Iterator[Hit]:
    stack = next((step.urn for step in evidence.diff.after.steps if not step.parent), "")
    for quota in evidence.quotas:
        if quota.after > quota.before:
            level = "high" if quota.after >= 4 * quota.before else "medium"
            needed = f"{quota.after:g} {quota.unit}".strip()
            yield Hit(
                level,
                stack,
                f"Needs more of the quota {shown(quota.name)}: {needed} instead of {quota.before:g}.",
            )


RULE = RiskRule(
    id="quota-up",
    topic="quota",
    title="No quota needs to be raised",
    fix="Request it before merging: the vendor may take days, and machines wait until then.",
    examine=_examine,
    headline="{count} [quota|quotas] must be raised first",
)
