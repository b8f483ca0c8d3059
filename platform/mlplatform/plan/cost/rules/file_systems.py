"""Prices of shared file systems: by capacity, at a price that follows the throughput."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRule
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.model import Step, Value


def file_system_rule(throughput: Callable[[Value], str], gib: Callable[[Value], float]) -> CostRule:
    """The rule of a cloud's Lustre.

    Args:
        throughput: reads the MB/s for each TiB from a step's inputs.
        gib: reads the capacity from them.
    """

    def charges(step: Step, context: CostContext) -> Iterator[CostPart]:
        del context
        tier, capacity = throughput(step.inputs), gib(step.inputs)
        what = f"{capacity:,.0f} GiB with {tier} MB/s for each TiB"
        yield Charge(f"file-system/{tier}", "gib-month", Range.exactly(capacity), what)

    return charges
