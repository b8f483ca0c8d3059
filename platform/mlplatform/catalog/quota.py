"""The quotas that a platform needs when all of its parts run at their maximum."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mlplatform.catalog.machine import CapacityKind, CpuMachine, GpuMachine, Quota, Quotas, QuotaUnit, Serving

Way = CapacityKind | Serving | Literal["system"]
"""The use of machines: a pool's kind of capacity, a kind of endpoint, or the CPU nodes of a cluster."""


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

    disk_gib: int = 0
    """Boot disk of each, GiB; 0 for machines of a service, whose disks do not count."""

    local_gib: int = 0
    """Local disks that each takes, GiB."""


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

    A capacity block needs no quota of machines, only of their disks.
    """
    totals: dict[tuple[Quota, str | None], float] = {}
    for wanted in machines:
        for quota in wanted.machine.quotas_for(wanted.way):
            key = (quota, wanted.region if quota.per_region else None)
            totals[key] = totals.get(key, 0) + _amount(wanted, quota)
    return [
        QuotaDemand(quota.name, quota.code, quota.unit, math.ceil(total), region)
        for (quota, region), total in totals.items()
        if total
    ]


def resource_demands(types: Iterable[str], quotas: Quotas, region: str) -> list[QuotaDemand]:
    """What resources take of the quotas on their number.

    Args:
        types: type of each resource.
        quotas: the catalogue's, by type.
        region: region of the resources.
    """
    number = Counter(types)
    return [
        QuotaDemand(quota.name, quota.code, quota.unit, number[token], region if quota.per_region else None)
        for token, counted in quotas
        for quota in counted
        if number[token]
    ]


def _amount(wanted: Demand, quota: Quota) -> float:
    return _each(wanted, quota.unit) * wanted.count * (100 + quota.headroom_percent) / 100


def _each(wanted: Demand, unit: QuotaUnit) -> float:
    """What one machine takes of a quota."""
    match unit:
        case "vcpus":
            return wanted.machine.vcpus
        case "gpus":
            return wanted.machine.accelerator.count if isinstance(wanted.machine, GpuMachine) else 1
        case "disk-gib":
            return wanted.disk_gib
        case "disk-tib":
            return wanted.disk_gib / 1024
        case "local-gib":
            return wanted.local_gib
        case "disks":
            return 1 if wanted.disk_gib else 0
        case "instances" | "resources":
            return 1
