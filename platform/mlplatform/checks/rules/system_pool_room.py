"""The system pool holds what the layer runs all the time."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.resource import Resource, UnknownInput
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.components.system_room import node_words
from mlplatform.plan.cost.system_pool import POOLS, pool_size, room_beside_layer, room_words

_PATHS = {
    "aws:eks/nodeGroup:NodeGroup": "scalingConfig.maxSize",
    "gcp:container/nodePool:NodePool": "autoscaling.totalMaxNodeCount",
    "azure-native:containerservice:ManagedCluster": "agentPoolProfiles",
}


def _holds(pool: Resource) -> Iterator[CheckFault]:
    room = room_beside_layer(pool.step, pool.index.steps)
    if room is None:
        raise UnknownInput(_PATHS[pool.step.type])  # a machine of no catalogue: nobody knows its size
    if room.filled is not None:
        return
    yield CheckFault(f"{room_words(room)} {node_words(room)}", _PATHS[pool.step.type])


RULE = CheckRule(
    id="system-pool-room",
    level="high",
    topic="cluster",
    title="The system pool holds the layer's own pods",
    why="A controller that finds no node waits, and with it every job that it would start. Or it runs on a node for "
    "jobs, which the autoscaler takes away.",
    fix="Raise max_nodes, vcpus or memory_gib of training.system_pool, or leave add-ons out.",
    entries=(
        Entry(
            tuple(POOLS),
            _holds,
            link="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
            when=lambda pool: pool_size(pool.step) is not None and pool.index.of_type("kubernetes:*") != [],
            siblings=True,
        ),
    ),
)
