"""The monthly cost of a plan: prices are data, usage is an input, and missing prices are reported."""

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.change import CostChange, CostDelta
from mlplatform.plan.cost.delta import delta
from mlplatform.plan.cost.estimate import estimate
from mlplatform.plan.cost.model import Estimate, GpuCost, ResourceCost, Unpriced
from mlplatform.plan.cost.prices import Prices
from mlplatform.plan.cost.usage import DEFAULT, Usage

__all__ = [
    "DEFAULT",
    "CostChange",
    "CostDelta",
    "Estimate",
    "GpuCost",
    "Prices",
    "Range",
    "ResourceCost",
    "Unpriced",
    "Usage",
    "delta",
    "estimate",
]
