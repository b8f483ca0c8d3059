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
    """One per cloud."""

    deltas: tuple[CostDelta, ...] = ()
    """Changes from the base, one per cloud; empty without a base."""

    base: str = ""
    """Name of the base, for people."""

    budgets: Mapping[str, float | None] = field(default_factory=dict[str, "float | None"])
    """US dollars a month by cloud; None where no budget is asked for."""

    @property
    def over(self) -> tuple[tuple[str, float, float], ...]:
        """Clouds over their budget, with the expected cost and the budget."""
        limits = ((e.cloud, e.total.expected, self.budgets.get(e.cloud)) for e in self.estimates)
        return tuple((cloud, cost, limit) for cloud, cost, limit in limits if limit is not None and cost > limit)
