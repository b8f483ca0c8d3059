"""The nodes of a fabric are in one zone, near each other."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.nodes_and_pods import nodes_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown
from mlplatform.components.labels import FABRIC_LABEL

_GROUP, _GPOOL = "aws:eks/nodeGroup:NodeGroup", "gcp:container/nodePool:NodePool"
_APOOL = "azure-native:containerservice:AgentPool"


def _group(group: Resource) -> Iterator[CheckFault]:
    name = nodes_of(group).name
    others = [each for each in group.index.of_type(_GROUP) if nodes_of(each).name == name]
    if len(others) > 1:
        yield CheckFault(f"The pool {shown(name)} has {len(others)} groups, each in a zone of its own.")
    if len(subnets := list(group.each("subnetIds[]"))) > 1:
        yield CheckFault(f"Its nodes are in {len(subnets)} subnets.", "subnetIds")


def _pool(pool: Resource) -> Iterator[CheckFault]:
    # nodes of flex-start come in one zone, where there is room for all of them
    if not pool.has("queuedProvisioning.enabled") and len(zones := pool.texts("nodeLocations[]")) > 1:
        yield CheckFault(f"Its nodes are in {', '.join(map(shown, zones))}.", "nodeLocations")


def _agents(pool: Resource) -> Iterator[CheckFault]:
    if len(zones := pool.texts("availabilityZones[]")) > 1:
        yield CheckFault(f"Its nodes are in the zones {', '.join(map(shown, zones))}.", "availabilityZones")


def _has_fabric(pool: Resource) -> bool:
    return FABRIC_LABEL in nodes_of(pool).labels


RULE = CheckRule(
    id="fabric-zone",
    level="high",
    topic="cluster",
    title="The nodes of a fabric are in one zone",
    why="A fast network does not reach over subnets and zones: a job whose pods are in two of them hangs in its first "
    "collective, or falls back to TCP.",
    fix="Give the pool one zone, with training.pools[].zones.",
    entries=(
        Entry(
            (_GROUP,),
            _group,
            link="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa.html",
            when=_has_fabric,
            siblings=True,
        ),
        Entry(
            (_GPOOL,),
            _pool,
            link="https://docs.cloud.google.com/kubernetes-engine/docs/how-to/gpu-bandwidth-gpudirect-tcpx",
            when=_has_fabric,
        ),
        Entry(
            (_APOOL,),
            _agents,
            link="https://learn.microsoft.com/azure/aks/use-infiniband",
            when=_has_fabric,
        ),
    ),
)
