"""The results of a cost rule: a quantity of a price, or a gap with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mlplatform.plan.cost.amount import Range

if TYPE_CHECKING:
    from mlplatform.plan.cost.context import CostContext
    from mlplatform.plan.model import Step

Unit = Literal["hour", "second", "month", "gib", "gib-month", "million", "thousand", "item"]
"""Unit of a price. `month`: one item for a month; `gib`: transferred or ingested; `million`, `thousand`: requests."""


@dataclass(frozen=True, slots=True)
class Gpus:
    """The accelerators that one unit of a charge includes."""

    user: str
    """Pool or endpoint: `pool finetune`."""

    machine: str
    """Machine type."""

    accelerator: str
    """Model and number, for example `H100:8`."""

    devices: int
    """Accelerators per machine."""

    way: str
    """Purchase option, for example `spot`."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A quantity of one price."""

    sku: str
    """Name of the price."""

    unit: Unit
    """Unit of the quantity; the price must have the same."""

    quantity: Range
    """Units per month."""

    what: str
    """Title for people."""

    region: str = ""
    """Region of the price. Omitted: the resource's."""

    gpus: Gpus | None = None
    """Accelerators it pays for."""

    gpu_factor: float = 1.0
    """Discount factor that is included in the quantity; accelerator hours are counted without it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of a resource whose cost is unknown."""

    reason: str
    """Reason for people."""

    minor: bool = False
    """True if it is known to be a few dollars a month: a budget can be judged without it."""


CostPart = Charge | Gap
CostRule = Callable[["Step", "CostContext"], Iterable[CostPart]]
"""Returns the charges of one resource; none where it is free in its configuration."""
CostRules = dict[str, CostRule]
"""Rules by type token."""
