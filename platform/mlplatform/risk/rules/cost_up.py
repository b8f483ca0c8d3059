"""The monthly cost rises."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.change import CostDelta
from mlplatform.plan.cost.model import GpuCost
from mlplatform.plan.finding import Level
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

NOTABLE_USD = 100
"""US dollars per month below which a difference is not reported."""
MOST_REASONS = 2
"""Missing prices that a finding names."""


def _examine(evidence: Evidence) -> Iterator[Hit]:
    if evidence.cost is None:
        return
    stack = next((step.urn for step in evidence.diff.after.steps if not step.parent), "")
    total = evidence.cost.total
    if total.unknown:
        yield Hit(_unknown_level(evidence.cost), stack, _unknown(evidence.cost))
        return
    difference = total.after - total.before
    more, most = difference.expected, difference.high
    if max(more, most) < NOTABLE_USD:
        return
    estimated = "estimate" in total.marks
    about, why = ("About ", " It is an estimate: prices stand in for missing ones.") if estimated else ("", "")
    words = f"{about}{_usd(more)} more a month expected, up to {_usd(most)}.{why}"
    yield Hit(_level(more, total.before.expected), stack, words)


def _unknown(cost: CostDelta) -> str:
    """Cannot tell: what lacks a price may cost any amount, and the rest says nothing about it."""
    reasons = cost.total.unknown
    more = f", and {len(reasons) - MOST_REASONS} more" if len(reasons) > MOST_REASONS else ""
    machines = [f"{gpu.user} ({gpu.accelerator})" for gpu in _unpriced_accelerators(cost)]
    who = f" That is {', '.join(machines)}." if machines else ""
    rest = cost.total.priced_difference.expected
    return (
        f"Nobody can tell what the change costs: {'; '.join(reasons[:MOST_REASONS])}{more}.{who} "
        f"What has a price on each side differs by {rest:+,.0f} USD a month."
    )


def _unknown_level(cost: CostDelta) -> Level:
    """High where accelerators lost their price or came without one: a node of them can cost 70,000 USD a month."""
    return "high" if _unpriced_accelerators(cost) else "medium"


def _unpriced_accelerators(cost: CostDelta) -> list[GpuCost]:
    """Accelerators without a price after the change that were not the same before it."""
    return [gpu for gpu in cost.after.gpu if gpu.monthly is None and gpu not in cost.before.gpu]


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
