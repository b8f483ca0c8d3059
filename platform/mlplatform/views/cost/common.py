"""Estimates for people, for pull requests and for tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlplatform.plan.cost import CostDelta, Estimate
    from mlplatform.plan.cost.amount import Range
    from mlplatform.views.style import Style


@dataclass(frozen=True, slots=True)
class Subject:
    """What a cost document is about."""

    label: str
    """What was estimated, for people."""

    estimates: tuple[Estimate, ...]
    """One per cloud."""

    deltas: tuple[CostDelta, ...] = ()
    """What changes, one per cloud; empty where nothing is compared."""

    base: str = ""
    """What it is compared with, for people."""

    budgets: Mapping[str, float | None] = field(default_factory=dict[str, "float | None"])
    """US dollars a month by cloud; None where no budget is asked for."""

    @property
    def over(self) -> tuple[tuple[str, float, float], ...]:
        """Clouds over their budget, with the expected cost and the budget."""
        limits = ((e.cloud, e.total.expected, self.budgets.get(e.cloud)) for e in self.estimates)
        return tuple((cloud, cost, limit) for cloud, cost, limit in limits if limit is not None and cost > limit)


def document(subject: Subject, form: str, style: Style) -> str:
    """The document in one of its forms.

    Args:
        subject: what it is about.
        form: `text`, `json` or `markdown`.
        style: how text is drawn.
    """
    if form == "json":
        from mlplatform.views.cost import json as cost_json

        return cost_json.document(subject)
    if form == "markdown":
        from mlplatform.views.cost import markdown as cost_markdown

        return cost_markdown.document(subject)
    from mlplatform.views.cost import text as cost_text

    return cost_text.document(subject, style)


def dollars(amount: float) -> str:
    """An amount as people read it: cents only where dollars are few."""
    return f"{amount:,.0f}" if abs(amount) >= 10 or amount == 0 else f"{amount:,.2f}"


def signed(amount: float) -> str:
    """A difference as people read it."""
    return f"+{dollars(amount)}" if amount > 0 else dollars(amount) if amount < 0 else "0"


def cells(amount: Range) -> tuple[str, str, str]:
    """Idle, expected, at most."""
    return dollars(amount.low), dollars(amount.expected), dollars(amount.high)


def hours(amount: Range) -> str:
    """Accelerator hours as people read them."""
    low, expected, high = (f"{value:,.0f}" for value in (amount.low, amount.expected, amount.high))
    return expected if low == high else f"{low} · {expected} · {high}"
