"""Nodes of a pool: how many run, how they are paid, and their accelerators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, Gpus
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.prices import MACHINE, SPOT

Way = Literal["on-demand", "spot", "flex-start", "reservation", "capacity-block"]
"""Purchase option of machines."""
RESERVED = ("reservation", "capacity-block")
"""Purchase options that are paid whether machines run or not."""
BLOCK = "block/"
"""Prefix for prices of machines in a capacity block, which is paid in advance at its own price."""


def way_of(*, spot: bool, reserved: bool, block: bool = False, flex: bool = False) -> Way:
    """Purchase option of a pool's machines, from its inputs."""
    if flex:
        return "flex-start"
    return "spot" if spot else "capacity-block" if block else "reservation" if reserved else "on-demand"


@dataclass(frozen=True, slots=True)
class PricedPool:
    """A node pool, read from a cloud's inputs."""

    name: str
    """Name in the spec; `system` for the cluster's own pool."""

    machine: str
    """Machine type."""

    least: float
    """Nodes that always run."""

    most: float
    """Nodes that can run."""

    way: Way
    """Purchase option of its machines."""

    device: str = ""
    """The cloud's name of the accelerator, where one machine type comes with several."""


def count_range(least: float, most: float, share: float) -> Range:
    """Number that run: the minimum, the minimum plus a share of the rest, and the maximum."""
    most = max(least, most)
    return Range(least, least + (most - least) * share, most)


def running_nodes(context: CostContext, pool: PricedPool) -> Range:
    """Number of a pool's nodes that run."""
    return count_range(pool.least, pool.most, context.usage.pool(pool.name).utilisation)


def charge_nodes(context: CostContext, pool: PricedPool) -> Iterator[CostPart]:
    """Charge the machines of a pool."""
    usage = context.usage.pool(pool.name)
    name, accelerator = context.machine(pool.machine, pool.device)
    count, sku, factor, what = running_nodes(context, pool), MACHINE + name, 1.0, pool.way
    if pool.way == "spot":
        if usage.spot_discount_percent is None:
            sku = SPOT + name
        else:
            factor = 1 - usage.spot_discount_percent / 100
            what = f"spot, {usage.spot_discount_percent:g} % below on demand"
    if pool.way == "flex-start":
        # https://cloud.google.com/products/dws/pricing has a discount of up to 53 %, by region, in no file that is read
        what = "flex-start, at most: priced as on demand, and up to 53 % less"
    if pool.way in RESERVED:
        paid = pool.most if usage.prepaid_nodes is None else float(usage.prepaid_nodes)
        count = Range(max(count.low, paid), max(count.expected, paid), max(count.high, paid))
        what = f"{pool.way}, paid while idle"
    if pool.way == "capacity-block":
        sku = BLOCK + name
    gpus = None
    if accelerator:
        gpus = Gpus(f"pool {pool.name}", pool.machine, str(accelerator), accelerator.count, pool.way)
    yield Charge(sku, "hour", count * HOURS * factor, f"{pool.machine}, {what}", gpus=gpus, gpu_factor=factor)


def charge_disks(context: CostContext, pool: PricedPool, sku: str, gib: float) -> Iterator[CostPart]:
    """Charge the disks of a pool's nodes by size."""
    if gib:
        yield Charge(sku, "gib-month", running_nodes(context, pool) * gib, f"{gib:g} GiB of disk per node")
