"""The cluster and its node groups."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.labels import POOL_LABEL
from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, Gap, Part, Rules
from mlplatform.plan.cost.context import Context, dig, items, number, text
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.rules.nodes import Pool, disks, nodes, running
from mlplatform.plan.model import Step

_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_WAYS = {"SPOT": "spot", "CAPACITY_BLOCK": "capacity-block"}
_METRICS = 7
"""Metrics of an instance with detailed monitoring: https://aws.amazon.com/cloudwatch/pricing/"""


def _cluster(step: Step, context: Context) -> Iterator[Part]:
    del step, context
    yield Charge("cluster", "hour", Range.of(HOURS), "control plane")


def _nodes(step: Step, context: Context) -> Iterator[Part]:
    template = context.source(step, "launchTemplate", _TEMPLATE)
    types = items(step.inputs.get("instanceTypes"))
    machine = text(types[0]) if types else text(dig(template.inputs, "instanceType") if template else None)
    if not machine:
        yield Gap("the machine type is not known before it is made")
        return
    pool = Pool(
        name=text(dig(step.inputs, "labels", POOL_LABEL)) or step.name,
        machine=machine,
        least=number(dig(step.inputs, "scalingConfig", "minSize")),
        most=number(dig(step.inputs, "scalingConfig", "maxSize")),
        way=_way(step, template),
    )
    yield from nodes(context, pool)
    if template:
        yield from disks(context, pool, "disk/gp3", _disk_gib(template))
        if dig(template.inputs, "monitoring", "enabled") is True:
            yield Charge("metric", "month", running(context, pool) * _METRICS, "detailed monitoring")


def _way(step: Step, template: Step | None) -> str:
    capacity = text(step.inputs.get("capacityType"))
    if capacity in _WAYS:
        return _WAYS[capacity]
    bound = dig(template.inputs, "capacityReservationSpecification", "capacityReservationTarget") if template else None
    return "reservation" if bound else "on-demand"


def _disk_gib(template: Step) -> float:
    disks_of = items(template.inputs.get("blockDeviceMappings"))
    return sum(number(dig(disk, "ebs", "volumeSize")) for disk in disks_of)


RULES: Rules = {"aws:eks/cluster:Cluster": _cluster, "aws:eks/nodeGroup:NodeGroup": _nodes}
