"""Claims of devices are for pools that have nodes, or whose autoscaler knows the devices before."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.nodes_and_pods import POOLS, nodes_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

_MODELLED = "google.com"
"""Ending of the classes whose devices GKE's autoscaler knows without a node."""

_LEAST = {
    "aws:eks/nodeGroup:NodeGroup": ("scalingConfig.minSize",),
    "gcp:container/nodePool:NodePool": ("autoscaling.minNodeCount", "autoscaling.totalMinNodeCount"),
    "azure-native:containerservice:AgentPool": ("minCount",),
}


def _from_zero(pool: Resource) -> bool:
    paths = next(paths for token, paths in _LEAST.items() if pool.step.type.startswith(token.split(":")[0]))
    return all(pool.number(path) == 0 for path in paths)


def _wakes(claim: Resource) -> Iterator[CheckFault]:
    path = "spec.spec.devices.requests[].exactly.deviceClassName"
    foreign = [name for name in claim.texts(path) if name != _MODELLED and not name.endswith(f".{_MODELLED}")]
    asleep = sorted(
        {
            nodes.name
            for token in POOLS
            for pool in claim.index.of_type(token)
            if (nodes := nodes_of(pool)).accelerated and _from_zero(pool)
        }
    )
    for name in foreign:
        if asleep:
            yield CheckFault(f"It asks for {shown(name)}, and the pools {shown(', '.join(asleep))} begin empty.", path)


RULE = CheckRule(
    id="claims-from-zero",
    level="high",
    topic="cluster",
    title="No claim of devices waits for a pool that cannot wake for it",
    why="Devices of a claim are known from a node that is there: the autoscaler wakes no empty pool for one. GKE's "
    "own network devices are the exception.",
    fix="Ask for the device by the resource of its plugin, or keep one node with min_nodes: 1.",
    entries=(
        Entry(
            ("kubernetes:resource.k8s.io/v1:ResourceClaimTemplate",),
            _wakes,
            link="https://github.com/kubernetes/autoscaler/issues/7799",
            when=lambda claim: any(claim.index.of_type(token) for token in POOLS),
            siblings=True,
        ),
    ),
)
