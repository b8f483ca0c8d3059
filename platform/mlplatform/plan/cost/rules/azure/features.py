"""The online store of features."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.charge import CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.values import as_text, value_at
from mlplatform.plan.model import Step


def _online(step: Step, context: CostContext) -> Iterator[CostPart]:
    del context
    size = as_text(value_at(step.inputs, "sku", "name"))
    nodes = "two nodes" if as_text(step.inputs.get("highAvailability")) == "Enabled" else "one node"
    yield Gap(
        f"the Redis of features ({size}, {nodes}) is paid by the hour, at a price that the price file does not contain"
    )


RULES: CostRules = {"azure-native:redisenterprise:RedisEnterprise": _online}
"""Cost rules of Azure by type token."""
