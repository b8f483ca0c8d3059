"""Accelerators of an estimate by pool and endpoint: hours, and the cost of their machines."""

from __future__ import annotations

from collections.abc import Iterable

from mlplatform.plan.cost.amount import ZERO, Range
from mlplatform.plan.cost.charge import Charge, Gpus
from mlplatform.plan.cost.model import CostLine, GpuCost, Mark, Marks

_SECONDS = 3600
"""Seconds per hour."""


def sum_gpu_costs(charges: Iterable[tuple[Charge, CostLine | None]]) -> tuple[GpuCost, ...]:
    """Sum up charges with accelerators.

    Args:
        charges: each with its line; None where it has no price.
    """
    hours: dict[Gpus, Range] = {}
    costs: dict[Gpus, Range | None] = {}
    marks: dict[Gpus, Marks] = {}
    for charge, line in charges:
        gpus = charge.gpus
        if gpus is None:
            continue
        used = charge.quantity * ((1 / _SECONDS if charge.unit == "second" else 1) / (charge.gpu_factor or 1))
        hours[gpus] = hours.get(gpus, ZERO) + used * gpus.devices
        known = costs.get(gpus, ZERO)
        costs[gpus] = None if known is None or line is None else known + line.monthly
        marks[gpus] = marks.get(gpus, frozenset[Mark]()) | (line.marks if line else frozenset[Mark]())
    ordered = sorted(hours, key=lambda gpus: (gpus.user, gpus.machine, gpus.way))
    return tuple(GpuCost(g.user, g.machine, g.accelerator, g.way, hours[g], costs[g], marks[g]) for g in ordered)
