"""A check that passed before fails now, or a new resource fails one."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.unjudged import COULD_NOT_JUDGE
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule


def _examine(evidence: Evidence) -> Iterator[Hit]:
    before, after = evidence.checked
    known = {(finding.rule, finding.urn, finding.path) for finding in before.findings}
    changed = {change.step.urn for change in evidence.diff.changes}
    for finding in after.findings:
        # a check that failed on both sides knows nothing of the change between them
        is_open = finding.rule == COULD_NOT_JUDGE and finding.urn in changed
        if is_open or (finding.rule, finding.urn, finding.path) not in known:
            yield Hit(finding.level, finding.urn, finding.reason, finding.path, finding.rule, finding.fix, finding.link)


RULE = RiskRule(
    id="check-regressed",
    topic="checks",
    title="No check fails that passed before",
    fix="`mlplatform check` shows how to fix each finding.",
    examine=_examine,
)
