"""The cost section of a comment: by stack and capability, and changed resources without a price."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mlplatform.decision.money import stack_cost
from mlplatform.plan.change import ResourceChange
from mlplatform.plan.cost.change import CostChange
from mlplatform.plan.cost.model import Mark
from mlplatform.review import Review
from mlplatform.views.comment.fit import Section
from mlplatform.views.cost.amounts import change_cells, dollars, mark_legend
from mlplatform.views.cost.shared import shared_words
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
        marks = frozenset[Mark]().union(*(review.cost.total.marks for review in reviews))
        legend = [f"{escape(mark_legend(marks).rstrip('.'))}." if marks else ""]
        legend += [f"The oldest price is from {oldest}." if oldest else ""]
        lines += [*head, *rows, "", *([" ".join(filter(None, legend)), ""] if any(legend) else [])]
    for review in reviews:
        if words := shared_words(review.cost):
            lines += [f"{escape(review.stack)}: {escape(words)}", ""]
    if missing:
        lines += ["Not included:", "", *missing, ""]
    yield Section("\n".join([*lines, ""]), 1, "costs by capability")


def before_and_after(review: Review) -> str:
    """The expected cost before and after, with the difference as expected and at most; unknown where prices miss."""
    cost = stack_cost(review)
    before, after = dollars(cost.change.before.expected), dollars(cost.change.after.expected)
    if cost.change.unknown:
        return f"{before} → unknown"
    if cost.same:
        return after
    _, expected, most = change_cells(cost.change)
    return f"{before} → {after}, {expected} ({most})"


def beside_budget(review: Review) -> str:
    """The budget, and how the expected cost after the change stands to it."""
    cost = stack_cost(review)
    if cost.budget is None or cost.share is None:
        return "none"
    least = "" if cost.complete else "at least "
    if cost.share > 1:
        return f"**{least}{cost.share:.1f} times** {dollars(cost.budget)}"
    return f"{least}{cost.share:.0%} of {dollars(cost.budget)}"


def _rows(review: Review) -> Iterator[str]:
    stack = escape(review.stack)
    for title, changed in review.cost.by_capability.items():
        yield from _row(stack, f"{escape(title)}, USD", changed)
    yield from _row(stack, "accelerator hours", review.cost.gpu_hours)


def _row(stack: str, what: str, change: CostChange) -> Iterator[str]:
    amounts = change.priced_difference
    if change.unknown or max(map(abs, (amounts.low, amounts.expected, amounts.high))) >= NOTABLE:
        yield f"| {stack} | {what} | {' | '.join(change_cells(change))} |"


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
