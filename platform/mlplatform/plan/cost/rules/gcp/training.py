"""The cluster and its node pools."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.labels import POOL_LABEL
from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.rules.file_systems import file_system_rule
from mlplatform.plan.cost.rules.nodes import PricedPool, Way, charge_disks, charge_nodes, way_of
from mlplatform.plan.cost.rules.volumes import volume_rules
from mlplatform.plan.cost.values import as_items, as_number, as_text, value_at
from mlplatform.plan.model import Step

_ZONES = 3
"""Zones of a pool that names none, where its bounds are per zone."""


def _cluster(step: Step, context: CostContext) -> Iterator[CostPart]:
    version = ".".join(as_text(step.inputs.get("minMasterVersion")).split(".")[:2])
    extended = value_at(step.inputs, "releaseChannel", "channel") == "EXTENDED"
    if extended and context.in_extended_support(version):
        yield Charge("cluster-extended", "hour", Range.exactly(HOURS), f"control plane, {version} in extended support")
    else:
        yield Charge("cluster", "hour", Range.exactly(HOURS), "control plane")
    if value_at(step.inputs, "monitoringConfig", "managedPrometheus", "enabled") is True:
        samples = context.usage.observability.samples_million * context.share(step)
        yield Charge("metric-samples", "million", samples, "samples ingested")


def pool_of(step: Step) -> PricedPool | None:
    """A node pool's inputs; None where its machine type is unknown."""
    config = step.inputs.get("nodeConfig")
    machine = as_text(value_at(config, "machineType"))
    if not machine:
        return None
    least, most = _bounds(step)
    return PricedPool(
        name=as_text(value_at(config, "labels", POOL_LABEL)) or step.name,
        machine=machine,
        least=least,
        most=most,
        way=_way(step),
        device=as_text(value_at(config, "guestAccelerators", 0, "type")),
    )


def _nodes(step: Step, context: CostContext) -> Iterator[CostPart]:
    pool = pool_of(step)
    if pool is None:
        yield Gap("the machine type is unknown before creation")
        return
    yield from charge_nodes(context, pool)
    config = step.inputs.get("nodeConfig")
    kind = as_text(value_at(config, "diskType")) or "pd-balanced"
    yield from charge_disks(context, pool, f"disk/{kind}", as_number(value_at(config, "diskSizeGb"), 100))


def _bounds(step: Step) -> tuple[float, float]:
    scaling = step.inputs.get("autoscaling")
    if value_at(scaling, "totalMaxNodeCount") is not None:
        return as_number(value_at(scaling, "totalMinNodeCount")), as_number(value_at(scaling, "totalMaxNodeCount"))
    zones = len(as_items(step.inputs.get("nodeLocations"))) or _ZONES
    if scaling is not None:
        return as_number(value_at(scaling, "minNodeCount")) * zones, as_number(
            value_at(scaling, "maxNodeCount")
        ) * zones
    count = as_number(step.inputs.get("nodeCount"), as_number(step.inputs.get("initialNodeCount"))) * zones
    return count, count


def _way(step: Step) -> Way:
    config = step.inputs.get("nodeConfig")
    bound = value_at(config, "reservationAffinity", "consumeReservationType") == "SPECIFIC_RESERVATION"
    return way_of(
        spot=value_at(config, "spot") is True or value_at(config, "preemptible") is True,
        reserved=bound,
        flex=value_at(config, "flexStart") is True,
    )


RULES: CostRules = {
    **volume_rules(lambda gib: ("disk/pd-balanced", "gib-month", gib)),
    "gcp:container/cluster:Cluster": _cluster,
    "gcp:container/nodePool:NodePool": _nodes,
    "gcp:lustre/instance:Instance": file_system_rule(
        lambda inputs: as_text(value_at(inputs, "perUnitStorageThroughput")),
        lambda inputs: as_number(value_at(inputs, "capacityGib")),
    ),
}
