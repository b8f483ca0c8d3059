"""The monthly cost rises."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.finding import Level
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

NOTABLE_USD = 100
"""US dollars per month below which a difference is not reported."""


def _examine(evidence: Evidence) -> Iterator[Hit]:
    if evidence.cost is None:
        return
    total = evidence.cost.total
    more = total.difference.expected
    most = total.difference.high
    if max(more, most) < NOTABLE_USD:
        return
    stack = next((step.urn for step in evidence.diff.after.steps if not step.parent), "")
    yield Hit(_level(more, total.before.expected), stack, f"{_usd(more)} more a month expected, up to {_usd(most)}.")


def _level(more: float, before: float) -> Level:
    if more <= 0:
        return "low"
    share = more / before if before else 1
    return "high" if share >= 0.5 and more >= 10 * NOTABLE_USD else "medium" if share >= 0.1 else "low"


def _usd(amount: float) -> str:
    return f"{amount:,.0f} USD"


RULE = RiskRule(
    id="cost-up",
    topic="cost",
    title="The monthly cost does not rise notably",
    fix="`mlplatform cost` shows the resources; make sure that the budget allows it.",
    examine=_examine,
)
