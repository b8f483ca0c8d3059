"""All queues together promise no more of a pool than it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.catalog.accelerator import models
from mlplatform.checks.index import PlanIndex
from mlplatform.checks.nodes_and_pods import pools
from mlplatform.checks.pool_devices import most_devices
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.served_devices import served_devices
from mlplatform.checks.wording import shown
from mlplatform.components.labels import POOL_LABEL

_FLAVOR = "kubernetes:kueue.x-k8s.io/v1beta2:ResourceFlavor"
_QUEUE = "kubernetes:kueue.x-k8s.io/v1beta2:ClusterQueue"
_GROUPS = "spec.resourceGroups[].flavors[]"


def _promised(index: PlanIndex) -> Mapping[str, Mapping[str, int]]:
    """The sum of all quotas by flavor and resource."""
    sums: dict[str, Counter[str]] = {}
    for queue in index.of_type(_QUEUE):
        for _, flavor in queue.each(_GROUPS):
            if isinstance(flavor, Mapping):
                found = cast("Mapping[str, object]", flavor)
                sums.setdefault(str(found.get("name")), Counter()).update(dict(_quotas(found)))
    return sums


def _quotas(flavor: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    for resource in cast("list[object]", flavor.get("resources") or []):
        if isinstance(resource, Mapping):
            each = cast("Mapping[str, object]", resource)
            amount = str(each.get("nominalQuota"))
            if amount.isdecimal():
                yield str(each.get("name")), int(amount)


def _fits(flavor: Resource) -> list[CheckFault]:
    pool = _label(flavor)
    most = most_devices(flavor.index, pool)
    if most is None:
        return []
    devices = {model.resource for model in models().values()}
    promised = flavor.index.cached(_promised).get(flavor.text("metadata.name"), {})
    faults: list[CheckFault] = []
    for name, total in promised.items():
        served = served_devices(flavor.index, pool, name) if name in devices else 0
        if name in devices and total + served > most:
            beside = f", of which endpoints take up to {served}" if served else ""
            text = f"Queues promise {total} {shown(name)} of it, and the pool {shown(pool)} has at most {most}{beside}."
            faults.append(CheckFault(text))
    return faults


def _label(flavor: Resource) -> str:
    labels = flavor.get("spec.nodeLabels")
    return str(cast("Mapping[str, object]", labels).get(POOL_LABEL, "")) if isinstance(labels, Mapping) else ""


RULE = CheckRule(
    id="queue-quota",
    level="high",
    topic="cluster",
    title="The quotas of all queues together are within their pool",
    why="Kueue knows no nodes: it admits jobs to devices that no node will ever have, and half of a gang then holds "
    "what the other half waits for.",
    fix="Lower nominalQuota in some queues, or raise the most nodes of the pool.",
    entries=(
        Entry(
            (_FLAVOR,),
            _fits,
            link="https://github.com/kubernetes-sigs/kueue/issues/1538",
            when=lambda flavor: bool(pools(flavor.index)),
            siblings=True,
        ),
    ),
)
