"""What a change costs, beside the budget: as data for a table, and as one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlplatform.plan.cost.change import CostChange
from mlplatform.review import Review

NOTABLE_USD = 1
"""Monthly difference below which a cost is the same."""


@dataclass(frozen=True, slots=True)
class StackCost:
    """The monthly cost of one stack before and after, in US dollars."""

    change: CostChange
    """Before and after; its difference may be unknown."""

    budget: float | None
    """The budget of the stack; None where its spec has none."""

    complete: bool
    """Whether everything that may cost any amount has a price after the change."""

    @property
    def same(self) -> bool:
        """Whether the change costs nothing and saves nothing."""
        amounts = self.change.priced_difference
        most = max(map(abs, (amounts.low, amounts.expected, amounts.high)))
        return not self.change.unknown and most < NOTABLE_USD

    @property
    def share(self) -> float | None:
        """The expected cost in budgets: 3.6 is far over, 0.5 is half; None without a budget."""
        return self.change.after.expected / self.budget if self.budget else None

    @property
    def leads_over(self) -> bool:
        """Whether the change leads over the budget, or further over it."""
        return (self.share or 0) > 1 and self.change.priced_difference.expected >= NOTABLE_USD


def stack_cost(review: Review) -> StackCost:
    """The cost of a review's stack."""
    return StackCost(review.cost.total, budget_of(review), not review.cost.after.undecided)


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
    unknown = sum(len(cost.change.unknown) for cost in costs.values())
    budget = _beside_budget(costs)
    if unknown:
        return f"unknown cost: {unknown} price{' is' if unknown == 1 else 's are'} missing{budget}"
    if all(cost.same for cost in costs.values()):
        return "same cost"
    about = "about " if any(cost.change.marks for cost in costs.values()) else ""
    differences = [cost.change.priced_difference for cost in costs.values()]
    expected, most = (sum(amounts) for amounts in zip(*((one.expected, one.high) for one in differences), strict=True))
    if abs(expected) >= NOTABLE_USD:
        return f"{about}{expected:+,.0f} USD a month{budget}"
    return f"same cost expected, {about}{most:+,.0f} USD a month at most" if abs(most) >= NOTABLE_USD else "same cost"


def over_budget(reviews: Sequence[Review]) -> bool:
    """Whether a change leads a stack over its budget, or further over it."""
    return any(stack_cost(review).leads_over for review in reviews)


def _beside_budget(costs: Mapping[str, StackCost]) -> str:
    over = {stack: cost for stack, cost in costs.items() if cost.leads_over}
    if not over:
        return ""
    stack, worst = max(over.items(), key=lambda item: item[1].share or 0)
    whose = "the budget" if len(costs) == 1 else f"{stack}'s budget"
    return f", {worst.share:.1f} times {whose} of {worst.budget:,.0f}"
