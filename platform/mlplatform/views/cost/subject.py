"""The subject of a cost document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlplatform.plan.cost import CostDelta, Estimate


@dataclass(frozen=True, slots=True)
class CostSubject:
    """Estimates, with the change from a base and the budgets where they are asked for."""

    label: str
    """Name of the estimated side, for people."""

    estimates: tuple[Estimate, ...]
    """One per target."""

    deltas: tuple[CostDelta, ...] = ()
    """Changes from the base, one per target; empty without a base."""

    base: str = ""
    """Name of the base, for people."""

    budgets: Mapping[str, float | None] = field(default_factory=dict[str, "float | None"])
    """US dollars a month by target; None where no budget is asked for."""

    @property
    def over(self) -> tuple[tuple[str, float, float], ...]:
        """Targets over their budget, with the expected cost and the budget."""
        limits = ((e.target, e.total.expected, self.budgets.get(e.target)) for e in self.estimates)
        return tuple((target, cost, limit) for target, cost, limit in limits if limit is not None and cost > limit)
