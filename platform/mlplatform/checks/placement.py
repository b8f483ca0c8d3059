"""What the rules about pods and the pools that they choose share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from mlplatform.catalog.accelerator import models
from mlplatform.checks.index import PlanIndex
from mlplatform.checks.nodes_and_pods import Nodes, Toleration
from mlplatform.checks.pool_devices import devices_of_node
from mlplatform.checks.queues import FLAVOR
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault
from mlplatform.checks.wording import shown
from mlplatform.components.labels import ACCELERATOR_LABEL, POOL_LABEL


def flavor_tolerations(index: PlanIndex, nodes: Nodes) -> list[Toleration]:
    """Tolerations that Kueue adds when it admits pods with devices to a pool's flavor.

    Args:
        index: the plan.
        nodes: the pool.
    """
    flavors = [
        flavor
        for flavor in index.of_type(FLAVOR)
        if isinstance(labels := flavor.get("spec.nodeLabels"), Mapping)
        and cast("Mapping[str, object]", labels).get(POOL_LABEL) == nodes.name
    ]
    return [each for flavor in flavors for each in own_tolerations(flavor, "spec.tolerations[]")]


def own_tolerations(item: Resource, path: str) -> list[Toleration]:
    """Tolerations of an item.

    Args:
        item: the item.
        path: theirs, with `[]` at its end.
    """
    return [cast("Toleration", each) for _, each in item.each(path) if isinstance(each, Mapping)]


def device_faults(
    index: PlanIndex, found: Iterable[tuple[str, Mapping[str, object]]], nodes: Nodes
) -> Iterator[CheckFault]:
    """Devices that no node of a pool has, or not so many.

    Args:
        index: the plan.
        found: the containers of its pods, with their paths.
        nodes: the pool.
    """
    model = models().get(nodes.labels.get(ACCELERATOR_LABEL, ""))
    offered = devices_of_node(index, nodes.name)
    others = {each.resource for each in models().values()} - ({model.resource} if model else set())
    for path, container in found:
        resources = cast("Mapping[str, Mapping[str, object]]", container.get("resources") or {})
        for name, count in (resources.get("limits") or {}).items():
            if name in others:
                yield CheckFault(f"It asks for {shown(name)}, which no node of {shown(nodes.name)} has.", path)
            elif model and name == model.resource and offered is not None and _number(count) > offered:
                yield CheckFault(
                    f"It asks for {shown(str(count))} of {name}, and a node of {shown(nodes.name)} has {offered}.", path
                )


def _number(count: object) -> int:
    return int(str(count)) if str(count).isdecimal() else 0
