"""The online store of features."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.values import as_text, value_at
from mlplatform.plan.model import Step


def _online(step: Step, context: CostContext) -> Iterator[CostPart]:
    """A second node costs what the first one does. Neither looks nor writes are paid."""
    del context
    size = as_text(value_at(step.inputs, "sku", "name"))
    nodes = 2 if as_text(step.inputs.get("highAvailability")) != "Disabled" else 1
    yield Charge(f"redis/{size}", "hour", Range.exactly(HOURS * nodes), f"Redis of features, {nodes} x {size}")


RULES: CostRules = {"azure-native:redisenterprise:RedisEnterprise": _online}
"""Cost rules of Azure by type token."""
