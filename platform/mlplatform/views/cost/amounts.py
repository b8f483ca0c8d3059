"""Amounts of money and hours as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlplatform.plan.cost.amount import Range


def dollars(amount: float) -> str:
    """An amount, with cents only below ten dollars."""
    return f"{amount:,.0f}" if abs(amount) >= 10 or amount == 0 else f"{amount:,.2f}"


def signed_dollars(amount: float) -> str:
    """A difference, with its sign."""
    return f"+{dollars(amount)}" if amount > 0 else dollars(amount) if amount < 0 else "0"


def range_cells(amount: Range) -> tuple[str, str, str]:
    """Amounts at idle, as expected, at most."""
    return dollars(amount.low), dollars(amount.expected), dollars(amount.high)


def accelerator_hours(amount: Range) -> str:
    """Accelerator hours."""
    low, expected, high = (f"{value:,.0f}" for value in (amount.low, amount.expected, amount.high))
    return expected if low == high else f"{low} · {expected} · {high}"
