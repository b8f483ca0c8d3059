"""Amounts of money and hours as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlplatform.plan.cost.amount import Range
    from mlplatform.plan.cost.change import CostChange
    from mlplatform.plan.cost.model import Mark, Marks

ESTIMATE = "~"
"""Before an amount: a price of another region or an upper bound stands in for a missing price."""
OLD = "\N{DEGREE SIGN}"
"""After an amount: a price is older than a year."""
_MEANINGS: dict[Mark, str] = {
    "estimate": f"{ESTIMATE} rests on prices that stand in for missing ones",
    "old": f"{OLD} rests on prices that are older than a year",
}
UNKNOWN = "unknown"
"""In place of a difference where a price is missing on one side: neither a cost nor a saving."""


def dollars(amount: float) -> str:
    """An amount, with cents only below ten dollars."""
    return f"{amount:,.0f}" if abs(amount) >= 10 or amount == 0 else f"{amount:,.2f}"


def signed_dollars(amount: float) -> str:
    """A difference, with its sign."""
    return f"+{dollars(amount)}" if amount > 0 else dollars(amount) if amount < 0 else "0"


def range_cells(amount: Range, marks: Marks = frozenset()) -> tuple[str, str, str]:
    """Amounts at idle, as expected, at most, with their marks."""
    low, expected, high = (mark_amount(dollars(usd), marks) for usd in (amount.low, amount.expected, amount.high))
    return low, expected, high


def mark_amount(text: str, marks: Marks) -> str:
    """An amount with its marks; zero needs none, because it rests on no price."""
    if text == "0":
        return text
    return f"{ESTIMATE if 'estimate' in marks else ''}{text}{OLD if 'old' in marks else ''}"


def mark_legend(marks: Marks) -> str:
    """The marks in words, for people; empty without any."""
    return "; ".join(words for mark, words in _MEANINGS.items() if mark in marks)


def change_cells(change: CostChange) -> tuple[str, str, str]:
    """A difference at idle, as expected, at most: with its sign, marked as an estimate, or `unknown`."""
    difference = change.difference
    if difference is None:
        return UNKNOWN, UNKNOWN, UNKNOWN
    low, expected, high = (
        mark_amount(signed_dollars(usd), change.marks) for usd in (difference.low, difference.expected, difference.high)
    )
    return low, expected, high


def accelerator_hours(amount: Range) -> str:
    """Accelerator hours."""
    low, expected, high = (f"{value:,.0f}" for value in (amount.low, amount.expected, amount.high))
    return expected if low == high else f"{low} · {expected} · {high}"
