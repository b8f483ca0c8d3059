"""An estimate as plain data. All costs are US dollars per month of 730 hours, before tax and private discounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from mlplatform.components.system_room import SystemRoom
from mlplatform.plan.cost.amount import ZERO, Range

HOURS = 730
"""Hours per month, as in the vendors' calculators."""
Mark = Literal["estimate", "old"]
"""Why an amount is marked: a price stands in for a missing one, or a price is older than a year."""
Marks = frozenset[Mark]
"""All that an amount is marked for; empty for an amount of prices that are exact and recent."""


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

    as_of: date
    """Last day on which the price was known to be valid."""

    estimate: str = ""
    """Why the price is an estimate, for people; empty for the price of the very thing in the resource's own region."""

    old: bool = False
    """Whether the price is older than a year."""

    @property
    def marks(self) -> Marks:
        """What every view has to say of an amount that rests on this line."""
        return frozenset[Mark]({"estimate"} if self.estimate else ()) | frozenset[Mark]({"old"} if self.old else ())

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
    def marks(self) -> Marks:
        """What every view has to say of its cost."""
        return _united(line.marks for line in self.lines)

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
    """`on-demand`, `spot`, `flex-start`, `reservation`, `capacity-block` or `serverless`."""

    hours: Range
    """Accelerator hours per month."""

    monthly: Range | None
    """Monthly cost of its machines; None where the machine has no price."""

    marks: Marks = frozenset()
    """What every view has to say of that cost."""


Certainty = Literal["known", "estimated", "unknown"]
"""How far an amount can be trusted.

`known`: every price is that of the very thing in its region, and younger than a year. `estimated`: some price stands in
for a missing one, or is older than a year. `unknown`: some price is missing, so the amount can be anything."""


@dataclass(frozen=True, slots=True)
class MissingPart:
    """One part of one resource that has no price."""

    urn: str
    """The resource."""

    type: str
    """Its type token."""

    capability: str
    """Title of the capability that it belongs to."""

    component: str
    """Logical name of the outermost component below the platform; empty for none."""

    reason: str
    """Reason why there is no price."""

    minor: bool
    """True if a documented reason says that it costs little, whatever the usage."""

    sku: str = ""
    """Name of the price that is missing; empty where the plan does not say what is needed, or no rule knows."""

    region: str = ""
    """Region of the price that is missing."""

    quantity: Range = ZERO
    """Units per month; zero where the plan does not say."""

    inputs: Mapping[str, object] | None = field(default=None, repr=False)
    """The resource's inputs, where only they tell whether two such parts cost the same; None beside a quantity."""


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

    beside: tuple[tuple[str, str], ...] = ()
    """What is billed beside the resources and is not in the estimate: what, and the reason."""

    free: Mapping[str, int] = field(default_factory=dict[str, int])
    """Number of resources that are free by the vendor's page, by type."""

    missing: tuple[MissingPart, ...] = ()
    """The same resources part by part, by URN."""

    accepted: tuple[str, ...] = ()
    """Names of prices and types that somebody accepted as missing: a budget is judged without them."""

    warnings: tuple[str, ...] = ()
    """Limits of the estimate: old prices, prices of another region."""

    oldest: date | None = None
    """Date of the oldest price used; None without prices."""

    layer: SystemRoom | None = None
    """What the layer takes of the system pool, whose nodes are in the estimate; None without a layer or a pool."""

    @property
    def total(self) -> Range:
        """Total cost."""
        return Range.total(resource.monthly for resource in self.resources)

    @property
    def undecided(self) -> tuple[Unpriced, ...]:
        """What may cost any amount: without its prices, nobody can say that the total is within a budget."""
        return tuple(missing for missing in self.unpriced if not missing.minor)

    @property
    def certainty(self) -> Certainty:
        """How far the total can be trusted."""
        if self.undecided:
            return "unknown"
        return "estimated" if self.marks else "known"

    @property
    def marks(self) -> Marks:
        """What every view has to say of the total."""
        return _united(resource.marks for resource in self.resources)

    @property
    def marks_by_capability(self) -> dict[str, Marks]:
        """What every view has to say of the cost of a capability, by its title."""
        return _marks_by((resource.capability, resource.marks) for resource in self.resources)

    @property
    def marks_by_component(self) -> dict[str, Marks]:
        """The same by logical name of the component."""
        return _marks_by((resource.component, resource.marks) for resource in self.resources)

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


def _united(marks: Iterable[Marks]) -> Marks:
    return frozenset[Mark]().union(*marks)


def _marks_by(parts: Iterable[tuple[str, Marks]]) -> dict[str, Marks]:
    found: dict[str, Marks] = {}
    for name, marks in parts:
        found[name] = found.get(name, frozenset[Mark]()) | marks
    return found


def _by(parts: Iterable[tuple[str, Range]]) -> dict[str, Range]:
    sums: dict[str, Range] = {}
    for name, monthly in parts:
        sums[name] = sums.get(name, ZERO) + monthly
    return dict(sorted(sums.items()))
