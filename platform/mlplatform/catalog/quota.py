"""The quotas that a platform needs when all of its parts run at their maximum."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mlplatform.catalog.machine import CapacityKind, CpuMachine, GpuMachine, Quota, QuotaUnit, Serving

Way = CapacityKind | Serving | Literal["system"]
"""The use of machines: a GPU pool's kind of capacity, a kind of endpoint, or the CPU nodes of a cluster."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Machines of one type that can run at the same time."""

    machine: GpuMachine | CpuMachine
    """The machine type."""

    count: int
    """Maximum number of machines."""

    way: Way
    """Their use."""

    region: str
    """Their region."""


@dataclass(frozen=True, slots=True)
class QuotaDemand:
    """The amount that one quota must allow."""

    name: str
    """The vendor's name of the quota."""

    code: str | None
    """The vendor's code or id; None if there is none or it is not known."""

    unit: QuotaUnit
    """The counted unit."""

    amount: int
    """Minimum that the quota must allow."""

    region: str | None
    """The region; None for a quota over all regions."""


def quota_demands(machines: Iterable[Demand]) -> list[QuotaDemand]:
    """The minimum that each quota must allow, in the order of the machines.

    Machines in a capacity block, and others without a quota in the catalogue, need none.
    """
    totals: dict[tuple[Quota, str | None], int] = {}
    for wanted in machines:
        for quota in wanted.machine.quotas_for(wanted.way):
            key = (quota, wanted.region if quota.per_region else None)
            totals[key] = totals.get(key, 0) + _amount(wanted, quota)
    return [QuotaDemand(quota.name, quota.code, quota.unit, total, region) for (quota, region), total in totals.items()]


def _amount(wanted: Demand, quota: Quota) -> int:
    each: float = 1
    if quota.unit == "vcpus":
        each = wanted.machine.vcpus
    elif quota.unit == "gpus" and isinstance(wanted.machine, GpuMachine):
        each = wanted.machine.accelerator.count
    return math.ceil(each * wanted.count * (100 + quota.headroom_percent) / 100)
