"""The image registry, by its tier."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.values import as_text, value_at
from mlplatform.plan.model import Step

_INCLUDED_GIB = {"Basic": 10, "Standard": 100, "Premium": 500}
"""https://azure.microsoft.com/pricing/details/container-registry/"""


def _registry(step: Step, context: CostContext) -> Iterator[CostPart]:
    tier = as_text(value_at(step.inputs, "sku", "name")) or "Basic"
    yield Charge(f"registry/{tier}", "month", Range.exactly(1), f"tier {tier}")
    images, included = context.usage.storage.images_gib * context.share(step), _INCLUDED_GIB.get(tier, 0)
    beyond = Range(*(max(0.0, gib - included) for gib in (images.low, images.expected, images.high)))
    yield Charge("images", "gib-month", beyond, "images beyond the tier's included storage")


RULES: CostRules = {"azure-native:containerregistry:Registry": _registry}
