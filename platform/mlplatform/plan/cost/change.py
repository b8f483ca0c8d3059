"""Two estimates compared, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.model import Certainty, Estimate, Marks


@dataclass(frozen=True, slots=True)
class CostChange:
    """One cost before and after."""

    before: Range
    """As it was; zero where it is new."""

    after: Range
    """As it will be; zero where it is deleted."""

    unknown: tuple[str, ...] = ()
    """Why the difference is not known, one sentence per missing price; empty where it is."""

    marks: Marks = frozenset()
    """What every view has to say of the difference."""

    @property
    def certainty(self) -> Certainty:
        """How far the difference can be trusted."""
        return "unknown" if self.unknown else "estimated" if self.marks else "known"

    @property
    def difference(self) -> Range | None:
        """After minus before, case by case; None where a price is missing on one side only, so that nobody knows."""
        return None if self.unknown else self.after - self.before

    @property
    def priced_difference(self) -> Range:
        """After minus before of what has a price; it is the difference only where `unknown` is empty."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class SharedAmount:
    """One amount that is divided anew among resources that the change does not touch."""

    what: str
    """For people: `logs ingested`."""

    others: int
    """Number of resources whose part changes, although they stay the same."""

    capabilities: tuple[str, ...]
    """Titles of the capabilities that caused it: their difference has it."""


@dataclass(frozen=True, slots=True)
class CostDelta:
    """Two estimates compared. The mappings leave out what costs the same on both sides."""

    before: Estimate
    """The present one."""

    after: Estimate
    """The one after the change."""

    resources: Mapping[str, CostChange]
    """By URN."""

    by_component: Mapping[str, CostChange]
    """By logical name of the component."""

    by_capability: Mapping[str, CostChange]
    """By title of the capability."""

    total: CostChange
    """Total cost before and after."""

    gpu_hours: CostChange
    """Total of accelerator hours, which is known without prices."""

    shared: tuple[SharedAmount, ...] = ()
    """What is divided anew: the differences by component and capability have it where the change is."""
