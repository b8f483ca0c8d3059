"""The subject of a cost document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from mlplatform.plan.cost.accepted import unaccepted_parts

if TYPE_CHECKING:
    from mlplatform.plan.cost import CostDelta, Estimate

Verdict = Literal["over", "within", "unknown"]
"""An expected cost beside its budget; unknown where prices are missing."""


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

    def verdict(self, estimate: Estimate) -> Verdict | None:
        """Whether the expected cost of one estimate is within its budget; None where no budget is asked for.

        Without some price the cost is only known to be at least the estimate: within the budget is then not a result,
        unless somebody accepted what is missing.
        """
        limit = self.budgets.get(estimate.target)
        if limit is None:
            return None
        if estimate.total.expected > limit:
            return "over"
        return "unknown" if unaccepted_parts(estimate) else "within"

    @property
    def unknown(self) -> tuple[Estimate, ...]:
        """Estimates that lack prices, so that nobody can say whether they are within their budget."""
        return tuple(estimate for estimate in self.estimates if self.verdict(estimate) == "unknown")

    @property
    def over(self) -> tuple[tuple[str, float, float], ...]:
        """Targets over their budget, with the expected cost and the budget."""
        limits = ((e.target, e.total.expected, self.budgets.get(e.target)) for e in self.estimates)
        return tuple((target, cost, limit) for target, cost, limit in limits if limit is not None and cost > limit)
