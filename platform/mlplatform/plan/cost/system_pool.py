"""The system pool of a plan's cluster, and what the layer leaves of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mlplatform import discovery
from mlplatform.components.labels import POOL_LABEL
from mlplatform.components.system_room import SystemRoom
from mlplatform.plan.cost.layer_pods import system_room
from mlplatform.plan.cost.values import as_items, as_number, as_text, value_at
from mlplatform.plan.model import Step

SYSTEM = "system"
"""Value of the pool's label."""

Size = tuple[str, float]
"""Machine type, and most nodes."""


def _group(step: Step) -> Size | None:
    types = as_items(step.inputs.get("instanceTypes"))
    if value_at(step.inputs, "labels", POOL_LABEL) != SYSTEM or not types:
        return None
    return as_text(types[0]), as_number(value_at(step.inputs, "scalingConfig", "maxSize"))


def _node_pool(step: Step) -> Size | None:
    config = step.inputs.get("nodeConfig")
    if value_at(config, "labels", POOL_LABEL) != SYSTEM:
        return None
    return as_text(value_at(config, "machineType")), as_number(
        value_at(step.inputs, "autoscaling", "totalMaxNodeCount")
    )


def _profiles(step: Step) -> Size | None:
    profiles = as_items(step.inputs.get("agentPoolProfiles"))
    most = sum(as_number(value_at(each, "maxCount")) for each in profiles)
    return (as_text(value_at(profiles[0], "vmSize")), most) if profiles else None


POOLS: Mapping[str, Callable[[Step], Size | None]] = {
    "aws:eks/nodeGroup:NodeGroup": _group,
    "gcp:container/nodePool:NodePool": _node_pool,
    "azure-native:containerservice:ManagedCluster": _profiles,
}
"""Types of resources that have the system pool, and how its size is read."""


def pool_size(step: Step) -> Size | None:
    """Machine type and most nodes of the system pool that a resource has; None where it has none, or is not known."""
    read = POOLS.get(step.type)
    size = read(step) if read else None
    return size if size and size[0] and size[1] else None


def room_beside_layer(pool: Step, steps: Sequence[Step]) -> SystemRoom | None:
    """The system pool of a resource beside the layer; None where it has none, or its machine is in no catalogue.

    Args:
        pool: the resource.
        steps: all of its plan.
    """
    size = pool_size(pool)
    if size is None:
        return None
    machine_type, most = size
    for machine in discovery.backend(_cloud(pool)).catalog.cpu_machines:
        if machine.machine_type == machine_type:
            return system_room(steps, machine.vcpus, machine.memory_gib, most)
    return None


def layer_room(steps: Sequence[Step]) -> SystemRoom | None:
    """The same for a whole plan; None without a system pool, or without a layer."""
    found = next((room for step in steps if step.type in POOLS and (room := room_beside_layer(step, steps))), None)
    return found if found and found.asked else None


def _cloud(step: Step) -> str:
    return step.type.partition(":")[0].removesuffix("-native")


def room_words(room: SystemRoom) -> str:
    """One sentence for people."""
    filled = "more than it has" if room.filled is None else f"{room.filled} of at most {room.nodes:g} nodes of it"
    text = (
        f"The layer's own pods ask the system pool for {room.cpus:.1f} CPUs and {room.memory_gib:.1f} GiB, which "
        f"is {filled}."
    )
    unsaid = sorted({each.who for each in room.asked if each.unsaid})
    return f"{text} Charts name no requests for {', '.join(unsaid)}: they count as 0." if unsaid else text
