"""What a platform asks of an account's quotas when everything in it runs at its upper bound."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mlplatform.catalog.machine import CapacityKind, CpuMachine, GpuMachine, Quota, QuotaUnit, Serving

Way = CapacityKind | Serving | Literal["system"]
"""How machines are got or used: a GPU pool's capacity, a kind of endpoint, or the CPU nodes of a cluster."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Machines of one type that can run at the same time."""

    machine: GpuMachine | CpuMachine
    """Which."""

    count: int
    """How many at most."""

    way: Way
    """How they are got or used."""

    region: str
    """Where."""


@dataclass(frozen=True, slots=True)
class QuotaDemand:
    """What one quota must allow."""

    name: str
    """The vendor's name of the quota."""

    code: str | None
    """The vendor's code or id of it; None where it has none or it is not known."""

    unit: QuotaUnit
    """What is counted."""

    amount: int
    """At least this many."""

    region: str | None
    """Where; None for a quota over all regions."""


def quota_demands(machines: Iterable[Demand]) -> list[QuotaDemand]:
    """The least each quota must allow, in the order of the machines.

    Machines in a capacity block, and others the catalogue names no quota for, ask for none.
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
