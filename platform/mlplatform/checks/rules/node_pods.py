"""A node takes as many pods as its shared devices have clients, beside its daemons."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.nodes_and_pods import nodes_of
from mlplatform.checks.pool_devices import devices_of_node
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_DAEMONS = 14
"""Pods that GKE and AKS run on each node of GPUs by themselves, at least: network, metrics, logs, disks, devices,
https://docs.cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes"""

_MOST = {
    "gcp:container/nodePool:NodePool": "maxPodsPerNode",
    "azure-native:containerservice:AgentPool": "maxPods",
}


def _room(pool: Resource) -> Iterator[CheckFault]:
    path = _MOST[pool.step.type]
    most = int(pool.number(path))
    wanted = devices_of_node(pool.index, nodes_of(pool).name)
    if wanted is not None and most and wanted + _DAEMONS > most:
        yield CheckFault(
            f"A node takes {most} pods, and {wanted} clients of its devices with {_DAEMONS} daemons are "
            f"{wanted + _DAEMONS}.",
            path,
        )


RULE = CheckRule(
    id="node-pods",
    level="medium",
    topic="cluster",
    title="A node takes a pod for every client of its devices",
    why="Pods beyond a node's most wait although a device is free, and no other node comes for them.",
    fix="Let fewer pods share a device, or give the pool more pods per node where its cloud allows it.",
    entries=(
        Entry(
            tuple(_MOST),
            _room,
            pages={
                "gcp": "https://docs.cloud.google.com/kubernetes-engine/docs/how-to/timesharing-gpus",
                "azure-native": "https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
            },
            when=lambda pool: nodes_of(pool).accelerated and pool.has(_MOST[pool.step.type]),
            siblings=True,
        ),
    ),
)
