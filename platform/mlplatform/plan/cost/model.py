"""An estimate as plain data. All costs are US dollars of a month of 730 hours, before tax and private discounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from mlplatform.plan.cost.amount import ZERO, Range

HOURS = 730
"""Hours of a month, as the vendors' calculators take it."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One thing that is paid for."""

    what: str
    """For people: `m7i.xlarge, on demand`."""

    sku: str
    """Name of the price in the price file."""

    unit: str
    """What one price is for, for example `hour`."""

    quantity: Range
    """Units of a month."""

    price: float
    """US dollars per unit."""

    region: str
    """Whose price it is; `*` where one price holds everywhere."""

    @property
    def monthly(self) -> Range:
        """Cost of a month."""
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class ResourceCost:
    """What one resource costs."""

    urn: str
    """The resource."""

    type: str
    """Its type token."""

    name: str
    """Its logical name."""

    capability: str
    """Title of the capability it belongs to (`plan.capability`)."""

    component: str
    """Logical name of the outermost component below the platform; empty where it belongs to none."""

    lines: tuple[CostLine, ...]
    """What it is paid for, in a fixed order."""

    @property
    def monthly(self) -> Range:
        """Cost of a month."""
        return Range.total(line.monthly for line in self.lines)


@dataclass(frozen=True, slots=True)
class GpuCost:
    """Accelerators of one pool or endpoint. Their cost is part of the resources' cost, not on top."""

    user: str
    """`pool finetune`, `endpoint vision-tagger`."""

    machine: str
    """Machine type, or the accelerator where the cloud has no machine to it."""

    accelerator: str
    """For example `A100-80GB:8`: model and number per machine."""

    way: str
    """How it is paid: `on-demand`, `spot`, `reservation`, `capacity-block`, `serverless`."""

    hours: Range
    """Accelerator hours of a month."""

    monthly: Range | None
    """Cost of a month with its machines; None where the machine has no price."""


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Resources, or parts of them, whose cost is not in the estimate."""

    type: str
    """Type token."""

    reason: str
    """Why there is no price."""

    urns: tuple[str, ...]
    """Which, sorted."""

    @property
    def count(self) -> int:
        """How many."""
        return len(self.urns)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one plan costs a month."""

    cloud: str
    """The target's cloud."""

    stack: str
    """Pulumi stack: environment and cloud."""

    region: str
    """Where the plan's resources are; empty where the plan does not say."""

    resources: tuple[ResourceCost, ...]
    """Resources that cost something, by URN."""

    gpu: tuple[GpuCost, ...] = ()
    """Accelerators by pool and endpoint."""

    unpriced: tuple[Unpriced, ...] = ()
    """What is missing, by type and reason."""

    free: Mapping[str, int] = field(default_factory=dict[str, int])
    """Resources without a price of their own, by type: the vendor's page says so."""

    warnings: tuple[str, ...] = ()
    """What limits the estimate: old prices, prices of another region."""

    oldest: date | None = None
    """Day of the oldest price used; None where none was."""

    @property
    def total(self) -> Range:
        """Everything together."""
        return Range.total(resource.monthly for resource in self.resources)

    @property
    def by_capability(self) -> dict[str, Range]:
        """Cost by capability, by title."""
        return _by((resource.capability, resource.monthly) for resource in self.resources)

    @property
    def by_component(self) -> dict[str, Range]:
        """Cost by outermost component, by logical name; the empty name has what belongs to none."""
        return _by((resource.component, resource.monthly) for resource in self.resources)

    @property
    def gpu_hours(self) -> Range:
        """Accelerator hours together."""
        return Range.total(gpu.hours for gpu in self.gpu)


@dataclass(frozen=True, slots=True)
class CostChange:
    """One cost before and after."""

    before: Range
    """As it was; zero where it is new."""

    after: Range
    """As it will be; zero where it goes."""

    @property
    def difference(self) -> Range:
        """After less before, case by case."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class CostDelta:
    """Two estimates compared. What costs the same on both sides is left out of the mappings."""

    before: Estimate
    """What there is."""

    after: Estimate
    """What there would be."""

    resources: Mapping[str, CostChange]
    """By URN."""

    by_component: Mapping[str, CostChange]
    """By logical name of the component."""

    by_capability: Mapping[str, CostChange]
    """By title of the capability."""

    @property
    def total(self) -> CostChange:
        """Everything together."""
        return CostChange(self.before.total, self.after.total)

    @property
    def gpu_hours(self) -> CostChange:
        """Accelerator hours together."""
        return CostChange(self.before.gpu_hours, self.after.gpu_hours)


def _by(parts: Iterable[tuple[str, Range]]) -> dict[str, Range]:
    found: dict[str, Range] = {}
    for name, monthly in parts:
        found[name] = found.get(name, ZERO) + monthly
    return dict(sorted(found.items()))
