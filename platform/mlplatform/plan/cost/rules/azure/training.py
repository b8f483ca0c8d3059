"""The cluster with its system pools, and the other node pools."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.labels import POOL_LABEL
from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.rules.file_systems import file_system_rule
from mlplatform.plan.cost.rules.nodes import PricedPool, charge_nodes, running_nodes, way_of
from mlplatform.plan.cost.rules.volumes import volume_rules
from mlplatform.plan.cost.values import as_items, as_number, as_text, value_at
from mlplatform.plan.model import Step, Value

_TIERS = ((32, "P4"), (64, "P6"), (128, "P10"), (256, "P15"), (512, "P20"), (1024, "P30"), (2048, "P40"), (4096, "P50"))
"""Premium SSDs by size in GiB: https://learn.microsoft.com/azure/virtual-machines/disks-types"""


def _cluster(step: Step, context: CostContext) -> Iterator[CostPart]:
    tier = as_text(value_at(step.inputs, "sku", "tier")) or "Free"
    if tier != "Free":
        yield Charge(f"cluster/{tier}", "hour", Range.exactly(HOURS), f"control plane, tier {tier}")
    for profile in as_items(step.inputs.get("agentPoolProfiles")):
        yield from _nodes(context, profile, "system")


def _agent_pool(step: Step, context: CostContext) -> Iterator[CostPart]:
    labelled = as_text(value_at(step.inputs, "nodeLabels", POOL_LABEL))
    yield from _nodes(context, step.inputs, labelled or step.name)


def _nodes(context: CostContext, profile: Value, name: str) -> Iterator[CostPart]:
    machine = as_text(value_at(profile, "vmSize"))
    if not machine:
        yield Gap("its machine size is unknown before creation")
        return
    count = as_number(value_at(profile, "count"))
    scaled = value_at(profile, "enableAutoScaling") is True
    pool = PricedPool(
        name=name,
        machine=machine,
        least=as_number(value_at(profile, "minCount"), count) if scaled else count,
        most=as_number(value_at(profile, "maxCount"), count) if scaled else count,
        way=way_of(
            spot=value_at(profile, "scaleSetPriority") == "Spot",
            reserved=bool(value_at(profile, "capacityReservationGroupID")),
        ),
    )
    yield from charge_nodes(context, pool)
    size = as_number(value_at(profile, "osDiskSizeGB"), 128)
    if value_at(profile, "osDiskType") != "Ephemeral":
        yield Charge(_disk(size), "month", running_nodes(context, pool), f"disk of {size:g} GiB per node")


def _disk(gib: float) -> str:
    """Name of a disk's price: it pays for the next larger tier."""
    return f"disk/{next((tier for most, tier in _TIERS if gib <= most), 'P60')}"


RULES: CostRules = {
    **volume_rules(lambda gib: (_disk(gib), "month", 1)),
    "azure-native:containerservice:ManagedCluster": _cluster,
    "azure-native:containerservice:AgentPool": _agent_pool,
    "azure-native:storagecache:AmlFilesystem": file_system_rule(
        lambda inputs: as_text(value_at(inputs, "sku", "name")).rpartition("-")[2],
        lambda inputs: as_number(value_at(inputs, "storageCapacityTiB")) * 1024,
    ),
}
