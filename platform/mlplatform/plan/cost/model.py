"""An estimate as plain data. All costs are US dollars per month of 730 hours, before tax and private discounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from mlplatform.plan.cost.amount import ZERO, Range

HOURS = 730
"""Hours per month, as in the vendors' calculators."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One charge with its price."""

    what: str
    """For people: `m7i.xlarge, on demand`."""

    sku: str
    """Name of the price in the price file."""

    unit: str
    """Unit of the price, for example `hour`."""

    quantity: Range
    """Units per month."""

    price: float
    """US dollars per unit."""

    region: str
    """Region of the price; `*` for a price that is the same everywhere."""

    @property
    def monthly(self) -> Range:
        """Monthly cost."""
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class ResourceCost:
    """The cost of one resource."""

    urn: str
    """The resource."""

    type: str
    """Its type token."""

    name: str
    """Its logical name."""

    capability: str
    """Title of the capability it belongs to (`plan.capability`)."""

    component: str
    """Logical name of the outermost component below the platform; empty for none."""

    lines: tuple[CostLine, ...]
    """Its charges, in a fixed order."""

    @property
    def monthly(self) -> Range:
        """Monthly cost."""
        return Range.total(line.monthly for line in self.lines)


@dataclass(frozen=True, slots=True)
class GpuCost:
    """Accelerators of one pool or endpoint. Their cost is part of the resources' cost, not on top."""

    user: str
    """`pool finetune`, `endpoint vision-tagger`."""

    machine: str
    """Machine type, or the accelerator where the cloud has no machine type for it."""

    accelerator: str
    """For example `A100-80GB:8`: model and number per machine."""

    way: str
    """`on-demand`, `spot`, `reservation`, `capacity-block` or `serverless`."""

    hours: Range
    """Accelerator hours per month."""

    monthly: Range | None
    """Monthly cost of its machines; None where the machine has no price."""


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Resources, or parts of them, whose cost is not in the estimate."""

    type: str
    """Type token."""

    reason: str
    """Reason why there is no price."""

    urns: tuple[str, ...]
    """URNs of the resources, sorted."""

    minor: bool = False
    """True if a documented reason says that it costs little, whatever the usage: a budget can be judged without it."""

    @property
    def count(self) -> int:
        """Number of resources."""
        return len(self.urns)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The monthly cost of one plan."""

    cloud: str
    """The target's cloud."""

    target: str
    """The target's name."""

    stack: str
    """Pulumi stack: environment and target."""

    region: str
    """Region of the plan's resources; empty where it is unknown."""

    resources: tuple[ResourceCost, ...]
    """Resources with a price, by URN."""

    gpu: tuple[GpuCost, ...] = ()
    """Accelerators by pool and endpoint."""

    unpriced: tuple[Unpriced, ...] = ()
    """Resources without a price, by type and reason."""

    free: Mapping[str, int] = field(default_factory=dict[str, int])
    """Number of resources that are free by the vendor's page, by type."""

    warnings: tuple[str, ...] = ()
    """Limits of the estimate: old prices, prices of another region."""

    oldest: date | None = None
    """Date of the oldest price used; None without prices."""

    @property
    def total(self) -> Range:
        """Total cost."""
        return Range.total(resource.monthly for resource in self.resources)

    @property
    def undecided(self) -> tuple[Unpriced, ...]:
        """What may cost any amount: without its prices, nobody can say that the total is within a budget."""
        return tuple(missing for missing in self.unpriced if not missing.minor)

    @property
    def by_capability(self) -> dict[str, Range]:
        """Cost by the capability's title."""
        return _by((resource.capability, resource.monthly) for resource in self.resources)

    @property
    def by_component(self) -> dict[str, Range]:
        """Cost by the logical name of the outermost component; the empty name has the rest."""
        return _by((resource.component, resource.monthly) for resource in self.resources)

    @property
    def gpu_hours(self) -> Range:
        """Total of accelerator hours."""
        return Range.total(gpu.hours for gpu in self.gpu)


@dataclass(frozen=True, slots=True)
class CostChange:
    """One cost before and after."""

    before: Range
    """As it was; zero where it is new."""

    after: Range
    """As it will be; zero where it is deleted."""

    @property
    def difference(self) -> Range:
        """After minus before, case by case."""
        return self.after - self.before


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

    @property
    def total(self) -> CostChange:
        """Total cost before and after."""
        return CostChange(self.before.total, self.after.total)

    @property
    def gpu_hours(self) -> CostChange:
        """Total of accelerator hours."""
        return CostChange(self.before.gpu_hours, self.after.gpu_hours)


def _by(parts: Iterable[tuple[str, Range]]) -> dict[str, Range]:
    sums: dict[str, Range] = {}
    for name, monthly in parts:
        sums[name] = sums.get(name, ZERO) + monthly
    return dict(sorted(sums.items()))
