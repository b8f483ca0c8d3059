"""Amounts of money and hours as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlplatform.plan.cost.amount import Range
    from mlplatform.plan.cost.model import CostChange

ESTIMATE = "~"
"""Mark before an amount that rests on a price of another region, an upper bound, or a price older than a year."""
ESTIMATE_MEANS = "~ rests on prices that stand in for missing ones, or that are older than a year"
"""The mark in words, for people."""
UNKNOWN = "unknown"
"""In place of a difference where a price is missing on one side: neither a cost nor a saving."""


def dollars(amount: float) -> str:
    """An amount, with cents only below ten dollars."""
    return f"{amount:,.0f}" if abs(amount) >= 10 or amount == 0 else f"{amount:,.2f}"


def signed_dollars(amount: float) -> str:
    """A difference, with its sign."""
    return f"+{dollars(amount)}" if amount > 0 else dollars(amount) if amount < 0 else "0"


def range_cells(amount: Range, *, marked: bool = False) -> tuple[str, str, str]:
    """Amounts at idle, as expected, at most.

    Args:
        amount: the amounts.
        marked: whether they are an estimate, which is then marked.
    """
    low, expected, high = (_mark(dollars(usd), marked=marked) for usd in (amount.low, amount.expected, amount.high))
    return low, expected, high


def change_cells(change: CostChange) -> tuple[str, str, str]:
    """A difference at idle, as expected, at most: with its sign, marked as an estimate, or `unknown`."""
    difference = change.difference
    if difference is None:
        return UNKNOWN, UNKNOWN, UNKNOWN
    low, expected, high = (
        _mark(signed_dollars(usd), marked=change.estimated and usd != 0)
        for usd in (difference.low, difference.expected, difference.high)
    )
    return low, expected, high


def _mark(text: str, *, marked: bool) -> str:
    return f"{ESTIMATE}{text}" if marked and text != "0" else text


def accelerator_hours(amount: Range) -> str:
    """Accelerator hours."""
    low, expected, high = (f"{value:,.0f}" for value in (amount.low, amount.expected, amount.high))
    return expected if low == high else f"{low} · {expected} · {high}"
