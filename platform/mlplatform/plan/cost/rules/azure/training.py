"""The cluster with its system pools, and its other node pools."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.labels import POOL_LABEL
from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, Gap, Part, Rules
from mlplatform.plan.cost.context import Context, dig, items, number, text
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.rules.nodes import Pool, nodes, running
from mlplatform.plan.model import Step, Value

_TIERS = ((32, "P4"), (64, "P6"), (128, "P10"), (256, "P15"), (512, "P20"), (1024, "P30"), (2048, "P40"), (4096, "P50"))
"""Premium SSDs by size in GiB: https://learn.microsoft.com/azure/virtual-machines/disks-types"""


def _cluster(step: Step, context: Context) -> Iterator[Part]:
    tier = text(dig(step.inputs, "sku", "tier")) or "Free"
    if tier != "Free":
        yield Charge(f"cluster/{tier}", "hour", Range.of(HOURS), f"control plane, tier {tier}")
    for profile in items(step.inputs.get("agentPoolProfiles")):
        yield from _nodes(context, profile, "system")


def _agent_pool(step: Step, context: Context) -> Iterator[Part]:
    labelled = text(dig(step.inputs, "nodeLabels", POOL_LABEL))
    yield from _nodes(context, step.inputs, labelled or step.name)


def _nodes(context: Context, profile: Value, name: str) -> Iterator[Part]:
    machine = text(dig(profile, "vmSize"))
    if not machine:
        yield Gap("the size of its machines is not known before it is made")
        return
    count = number(dig(profile, "count"))
    scaled = dig(profile, "enableAutoScaling") is True
    pool = Pool(
        name=name,
        machine=machine,
        least=number(dig(profile, "minCount"), count) if scaled else count,
        most=number(dig(profile, "maxCount"), count) if scaled else count,
        way=_way(profile),
    )
    yield from nodes(context, pool)
    size = number(dig(profile, "osDiskSizeGB"), 128)
    if dig(profile, "osDiskType") != "Ephemeral":
        tier = next((tier for most, tier in _TIERS if size <= most), "P60")
        yield Charge(f"disk/{tier}", "month", running(context, pool), f"disk of {size:g} GiB per node")


def _way(profile: Value) -> str:
    if dig(profile, "scaleSetPriority") == "Spot":
        return "spot"
    return "reservation" if dig(profile, "capacityReservationGroupID") else "on-demand"


RULES: Rules = {
    "azure-native:containerservice:ManagedCluster": _cluster,
    "azure-native:containerservice:AgentPool": _agent_pool,
}
