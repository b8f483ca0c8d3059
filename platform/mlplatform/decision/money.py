"""What a change costs, beside the budget: as data for a table, and as one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlplatform.plan.cost.amount import Range
from mlplatform.review import Review

NOTABLE_USD = 1
"""Monthly difference below which a cost is the same."""


@dataclass(frozen=True, slots=True)
class StackCost:
    """The monthly cost of one stack before and after, in US dollars."""

    before: Range
    """As it was."""

    after: Range
    """As it will be."""

    unknown: int
    """Number of resources whose cost changes by an amount that nobody knows, because a price is missing."""

    budget: float | None
    """The budget of the stack; None where its spec has none."""

    @property
    def difference(self) -> Range:
        """After minus before, of what has a price."""
        return self.after - self.before

    @property
    def same(self) -> bool:
        """Whether the change costs nothing and saves nothing."""
        amounts = self.difference
        return not self.unknown and max(map(abs, (amounts.low, amounts.expected, amounts.high))) < NOTABLE_USD

    @property
    def over(self) -> float | None:
        """How many times the budget the expected cost is, where it is over it; else None."""
        if not self.budget or self.after.expected <= self.budget:
            return None
        return self.after.expected / self.budget


def stack_cost(review: Review) -> StackCost:
    """The cost of a review's stack."""
    total = review.cost.total
    return StackCost(total.before, total.after, _unknown(review), budget_of(review))


def budget_of(review: Review) -> float | None:
    """The budget after the change, US dollars per month; None where there is none, or the spec is not known."""
    spec = review.specs[1]
    if spec is None or all(review.diff.target != target.name for target in spec.targets):
        return None
    stated = spec.on(review.diff.target).budget
    return float(stated.monthly_usd) if stated else None


def cost_sentence(reviews: Sequence[Review]) -> str:
    """`+361,783 USD a month, 3.6 times the budget of 100,000`; `unknown cost: …` where a price is missing."""
    costs = {review.stack: stack_cost(review) for review in reviews}
    unknown = sum(cost.unknown for cost in costs.values())
    if unknown:
        return f"unknown cost: {unknown} resource{' has' if unknown == 1 else 's have'} no price"
    if all(cost.same for cost in costs.values()):
        return "same cost"
    expected = sum(cost.difference.expected for cost in costs.values())
    most = sum(cost.difference.high for cost in costs.values())
    if abs(expected) < NOTABLE_USD:
        words = f"{most:+,.0f} USD a month at most" if abs(most) >= NOTABLE_USD else "same cost as expected"
    else:
        words = f"{expected:+,.0f} USD a month"
    return words + _beside_budget(costs)


def over_budget(reviews: Sequence[Review]) -> bool:
    """Whether a change leads a stack over its budget, or further over it."""
    costs = map(stack_cost, reviews)
    return any(cost.over and cost.difference.expected >= NOTABLE_USD for cost in costs)


def _beside_budget(costs: dict[str, StackCost]) -> str:
    over = {stack: cost for stack, cost in costs.items() if cost.over and cost.difference.expected >= NOTABLE_USD}
    if not over:
        return ""
    stack, worst = max(over.items(), key=lambda item: item[1].over or 0)
    budget = f"the budget of {worst.budget:,.0f}" if len(costs) == 1 else f"{stack}'s budget of {worst.budget:,.0f}"
    return f", {worst.over:.1f} times {budget}"


def _unknown(review: Review) -> int:
    """Resources that change and have no price on a side, although they may cost any amount."""
    changed = {change.step.urn for change in review.diff.changes}
    sides = (review.cost.before, review.cost.after)
    was, will = ({(urn, one.reason) for one in side.undecided for urn in one.urns} for side in sides)
    return len({urn for urn, _ in was ^ will if urn in changed})
