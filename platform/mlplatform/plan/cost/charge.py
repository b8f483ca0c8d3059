"""What a rule says of a resource: how much of which price, or why it cannot tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mlplatform.plan.cost.amount import Range

if TYPE_CHECKING:
    from mlplatform.plan.cost.context import CostContext
    from mlplatform.plan.model import Step

Unit = Literal["hour", "second", "month", "gib", "gib-month", "million", "thousand", "item"]
"""What one price is for. `month`: one thing for a month; `gib`: moved or read in; `million`, `thousand`: requests."""


@dataclass(frozen=True, slots=True)
class Gpus:
    """The accelerators that one unit of a charge brings."""

    user: str
    """Pool or endpoint: `pool finetune`."""

    machine: str
    """Machine type."""

    accelerator: str
    """Model and number, for example `H100:8`."""

    devices: int
    """Accelerators per machine."""

    way: str
    """How they are paid."""


@dataclass(frozen=True, slots=True)
class Charge:
    """So much of one price."""

    sku: str
    """Name of the price."""

    unit: Unit
    """What the quantity counts; the price must be for the same."""

    quantity: Range
    """Units of a month."""

    what: str
    """For people."""

    region: str = ""
    """Whose price. Omitted: the region of the resource."""

    gpus: Gpus | None = None
    """Accelerators it pays for."""

    gpu_factor: float = 1.0
    """What the quantity was multiplied with to lower the price; hours of accelerators are counted without."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of a resource whose cost cannot be told."""

    reason: str
    """Why."""


CostPart = Charge | Gap
CostRule = Callable[["Step", "CostContext"], Iterable[CostPart]]
"""What one type of resource is paid for; nothing where it costs nothing the way it is configured."""
CostRules = dict[str, CostRule]
"""Rules by type token."""
