"""The cost section of a comment: by stack and capability, and changed resources without a price."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mlplatform.decision.money import stack_cost
from mlplatform.plan.change import ResourceChange
from mlplatform.plan.cost.amount import Range
from mlplatform.review import Review
from mlplatform.views.comment.fit import Section
from mlplatform.views.cost.amounts import dollars, signed_dollars
from mlplatform.views.diff.common import short_type
from mlplatform.views.escape import code, escape

NOTABLE = 1
"""Monthly difference, in dollars or hours, below which a line is left out."""

_SIZE = re.compile(r"machinetype|instancetype|vmsize|sku|tier|storageclass|capacity|accelerator")


def costs(reviews: Sequence[Review]) -> Iterator[Section]:
    """Differences by capability, accelerator hours, and resources without a price."""
    rows = [row for review in reviews for row in _rows(review)]
    missing = [line for review in reviews for line in _missing(review)]
    if not rows and not missing:
        return
    lines = ["### Cost", ""]
    if rows:
        head = ["| Stack | A month | idle | expected | at most |", "|---|---|--:|--:|--:|"]
        oldest = min((day for review in reviews if (day := review.cost.after.oldest)), default=None)
        lines += [*head, *rows, "", *([f"The oldest price is from {oldest}.", ""] if oldest else [])]
    if missing:
        lines += ["Not included:", "", *missing, ""]
    yield Section("\n".join([*lines, ""]), 1, "costs by capability")


def before_and_after(review: Review) -> str:
    """The expected cost before and after, with the difference; at most where that differs more."""
    cost = stack_cost(review)
    before, after = cost.before, cost.after
    if cost.unknown:
        return f"{dollars(before.expected)} → unknown: {cost.unknown} without a price"
    if cost.same:
        return dollars(after.expected)
    words = f"{dollars(before.expected)} → {dollars(after.expected)}"
    difference = cost.difference
    return f"{words}, {signed_dollars(difference.expected)} ({signed_dollars(difference.high)})"


def beside_budget(review: Review) -> str:
    """The budget, and how the cost after the change stands to it."""
    cost = stack_cost(review)
    if cost.budget is None:
        return "none"
    if cost.over:
        return f"**{cost.over:.1f} times** {dollars(cost.budget)}"
    return f"{cost.after.expected / cost.budget:.0%} of {dollars(cost.budget)}" if cost.budget else "0"


def unpriced(review: Review) -> bool:
    """Whether a created or changed resource has no price."""
    return any(True for _ in _missing(review))


def _rows(review: Review) -> Iterator[str]:
    stack = escape(review.stack)
    for title, changed in review.cost.by_capability.items():
        yield from _row(stack, f"{escape(title)}, USD", changed.difference)
    yield from _row(stack, "accelerator hours", review.cost.gpu_hours.difference)


def _row(stack: str, what: str, difference: Range) -> Iterator[str]:
    amounts = (difference.low, difference.expected, difference.high)
    if max(map(abs, amounts)) >= NOTABLE:
        yield f"| {stack} | {what} | {' | '.join(signed_dollars(amount) for amount in amounts)} |"


def _missing(review: Review) -> Iterator[str]:
    touched = {change.step.urn for change in review.diff.changes if _may_cost(change)}
    for entry in review.cost.after.unpriced:
        count = len(touched.intersection(entry.urns))
        if count:
            yield f"- {escape(review.stack)}: {count} x {code(short_type(entry.type))}: {escape(entry.reason)}"


def _may_cost(change: ResourceChange) -> bool:
    """Whether it is new, or changes a number or size."""
    if change.kind in ("create", "replace"):
        return True
    return change.kind == "update" and any(
        not prop.is_option and (_is_number(prop.before) or _is_number(prop.after) or _SIZE.search(prop.text.lower()))
        for prop in change.properties
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
