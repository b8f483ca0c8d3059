"""The cluster and its node pools."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.labels import POOL_LABEL
from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, Gap, Part, Rules
from mlplatform.plan.cost.context import Context, dig, items, number, text
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.rules.nodes import Pool, disks, nodes
from mlplatform.plan.model import Step

_ZONES = 3
"""Zones of a region that a pool without named zones is spread over, where its bounds count per zone."""


def _cluster(step: Step, context: Context) -> Iterator[Part]:
    yield Charge("cluster", "hour", Range.of(HOURS), "control plane")
    if dig(step.inputs, "monitoringConfig", "managedPrometheus", "enabled") is True:
        samples = context.usage.observability.samples_million * context.share(step)
        yield Charge("metric-samples", "million", samples, "samples read in")


def pool_of(step: Step) -> Pool | None:
    """What a node pool says; None where its machine type is not known."""
    config = step.inputs.get("nodeConfig")
    machine = text(dig(config, "machineType"))
    if not machine:
        return None
    least, most = _bounds(step)
    return Pool(
        name=text(dig(config, "labels", POOL_LABEL)) or step.name,
        machine=machine,
        least=least,
        most=most,
        way=_way(step),
        device=text(dig(config, "guestAccelerators", 0, "type")),
    )


def _nodes(step: Step, context: Context) -> Iterator[Part]:
    pool = pool_of(step)
    if pool is None:
        yield Gap("the machine type is not known before it is made")
        return
    yield from nodes(context, pool)
    config = step.inputs.get("nodeConfig")
    kind = text(dig(config, "diskType")) or "pd-balanced"
    yield from disks(context, pool, f"disk/{kind}", number(dig(config, "diskSizeGb"), 100))


def _bounds(step: Step) -> tuple[float, float]:
    scaling = step.inputs.get("autoscaling")
    if dig(scaling, "totalMaxNodeCount") is not None:
        return number(dig(scaling, "totalMinNodeCount")), number(dig(scaling, "totalMaxNodeCount"))
    zones = len(items(step.inputs.get("nodeLocations"))) or _ZONES
    if scaling is not None:
        return number(dig(scaling, "minNodeCount")) * zones, number(dig(scaling, "maxNodeCount")) * zones
    count = number(step.inputs.get("nodeCount"), number(step.inputs.get("initialNodeCount"))) * zones
    return count, count


def _way(step: Step) -> str:
    config = step.inputs.get("nodeConfig")
    if dig(config, "spot") is True or dig(config, "preemptible") is True:
        return "spot"
    bound = dig(config, "reservationAffinity", "consumeReservationType") == "SPECIFIC_RESERVATION"
    return "reservation" if bound else "on-demand"


RULES: Rules = {"gcp:container/cluster:Cluster": _cluster, "gcp:container/nodePool:NodePool": _nodes}
