"""Keys: paid by the operations on them."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.values import as_text, value_at
from mlplatform.plan.model import Step


def _key(step: Step, context: CostContext) -> Iterator[CostPart]:
    if as_text(value_at(step.inputs, "properties", "kty")).endswith("-HSM"):
        yield Gap("HSM keys have prices by tier, which the price file does not contain", minor=True)
        return
    yield Charge("key-operations", "thousand", context.usage.small.key_operations_thousand, "operations")


RULES: CostRules = {"azure-native:keyvault:Key": _key}
