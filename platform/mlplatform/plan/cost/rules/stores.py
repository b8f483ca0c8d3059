"""Stored objects by storage class."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart


def charge_storage(gib: Range, cool_share: float, warm: str, cool: str) -> Iterator[CostPart]:
    """Charge the objects of a place in two storage classes.

    Args:
        gib: size of all objects.
        cool_share: share that the lifecycle has moved.
        warm: price of the class for new objects.
        cool: price of the class that the lifecycle moves them to.
    """
    if cool_share < 1:
        yield Charge(warm, "gib-month", gib * (1 - cool_share), "stored")
    if cool_share > 0:
        yield Charge(cool, "gib-month", gib * cool_share, "stored in a cool class")
