"""A check that passed before fails now, or a new resource fails one."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from mlplatform.checks.engine import CheckReport
from mlplatform.plan.finding import Level, at_least
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
    yield from _undecided(before, after, changed)


def _undecided(before: CheckReport, after: CheckReport, changed: AbstractSet[str]) -> Iterator[Hit]:
    """Checks that held before, and of which nobody can say whether they still do."""
    held = set(before.compliant)
    levels: dict[str, Level] = {rule.id: rule.level for rule in after.rules}
    places: dict[tuple[str, str], list[str]] = {}
    for check in after.unknown:
        if (check.rule, check.urn) in held and check.urn in changed:
            places.setdefault((check.urn, check.path), []).append(check.rule)
    for (urn, path), checks in places.items():
        level: Level = "medium" if any(at_least(levels[check], "high") for check in checks) else "low"
        reason = f"{', '.join(checks)} held; only the cloud knows whether that is still so."
        yield Hit(level, urn, reason, path, COULD_NOT_JUDGE, "Look at the value in the program.")


RULE = RiskRule(
    id="check-regressed",
    topic="checks",
    title="No check fails that passed before",
    fix="`mlplatform check` shows how to fix each finding.",
    examine=_examine,
)
