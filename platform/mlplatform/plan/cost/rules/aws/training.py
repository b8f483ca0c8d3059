"""The cluster and its node groups."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.labels import POOL_LABEL
from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.prices import MACHINE
from mlplatform.plan.cost.rules.file_systems import file_system_rule
from mlplatform.plan.cost.rules.nodes import PricedPool, Way, charge_disks, charge_nodes, running_nodes, way_of
from mlplatform.plan.cost.rules.volumes import volume_rules
from mlplatform.plan.cost.values import as_items, as_number, as_text, value_at
from mlplatform.plan.model import Step

_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_METRICS = 7
"""Metrics of an instance with detailed monitoring: https://aws.amazon.com/cloudwatch/pricing/"""


def _cluster(step: Step, context: CostContext) -> Iterator[CostPart]:
    version = as_text(step.inputs.get("version"))
    extended = value_at(step.inputs, "upgradePolicy", "supportType") != "STANDARD"  # EKS upgrades at its end otherwise
    if extended and context.in_extended_support(version):
        yield Charge("cluster-extended", "hour", Range.exactly(HOURS), f"control plane, {version} in extended support")
        return
    yield Charge("cluster", "hour", Range.exactly(HOURS), "control plane")


def _nodes(step: Step, context: CostContext) -> Iterator[CostPart]:
    template = context.source(step, "launchTemplate", _TEMPLATE)
    types = as_items(step.inputs.get("instanceTypes"))
    machine = as_text(types[0]) if types else as_text(value_at(template.inputs, "instanceType") if template else None)
    if not machine:
        yield Gap("the machine type is unknown before creation")
        return
    pool = PricedPool(
        name=as_text(value_at(step.inputs, "labels", POOL_LABEL)) or step.name,
        machine=machine,
        least=as_number(value_at(step.inputs, "scalingConfig", "minSize")),
        most=as_number(value_at(step.inputs, "scalingConfig", "maxSize")),
        way=_way(step, template),
    )
    yield from charge_nodes(context, pool)
    if template:
        yield from charge_disks(context, pool, "disk/gp3", _disk_gib(template))
        if value_at(template.inputs, "monitoring", "enabled") is True:
            yield Charge("metric", "month", running_nodes(context, pool) * _METRICS, "detailed monitoring")


def _way(step: Step, template: Step | None) -> Way:
    capacity = as_text(step.inputs.get("capacityType"))
    bound = (
        value_at(template.inputs, "capacityReservationSpecification", "capacityReservationTarget") if template else None
    )
    return way_of(spot=capacity == "SPOT", block=capacity == "CAPACITY_BLOCK", reserved=bool(bound))


def _disk_gib(template: Step) -> float:
    disks_of = as_items(template.inputs.get("blockDeviceMappings"))
    return sum(as_number(value_at(disk, "ebs", "volumeSize")) for disk in disks_of)


def _group(step: Step, context: CostContext) -> Iterator[CostPart]:
    """A group of machines that the platform makes itself, without EKS: the machine of people's sessions."""
    template = context.source(step, "launchTemplate", _TEMPLATE)
    machine = as_text(value_at(template.inputs, "instanceType") if template else None)
    least = as_number(step.inputs.get("minSize"))
    if not template or not machine:
        yield Gap("the machine type is unknown before creation")
        return
    yield Charge(MACHINE + machine, "hour", Range.exactly(HOURS * least), f"{machine} for people's sessions")
    yield Charge("disk/gp3", "gib-month", Range.exactly(least * _disk_gib(template)), "its disk")


RULES: CostRules = {
    **volume_rules(lambda gib: ("disk/gp3", "gib-month", gib)),
    "aws:autoscaling/group:Group": _group,
    "aws:eks/cluster:Cluster": _cluster,
    "aws:eks/nodeGroup:NodeGroup": _nodes,
    "aws:fsx/lustreFileSystem:LustreFileSystem": file_system_rule(
        lambda inputs: f"{as_number(value_at(inputs, 'perUnitStorageThroughput')):g}",
        lambda inputs: as_number(value_at(inputs, "storageCapacity")),
    ),
}
