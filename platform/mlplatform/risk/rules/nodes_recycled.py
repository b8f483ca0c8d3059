"""An update in place that drains nodes or restarts workloads."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.change import PropertyChange
from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import mapping
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule
from mlplatform.risk.serving import affected_users

_RECYCLES = frozenset(
    {"version", "releaseVersion", "minMasterVersion", "nodeVersion", "kubernetesVersion", "orchestratorVersion",
     "currentOrchestratorVersion", "launchTemplate", "nodeImageVersion", "vmSize", "imageType", "machineType"}
)  # fmt: skip
_GKE_POOL = "gcp:container/nodePool:NodePool"
_GKE_QUIET = frozenset({"labels", "taints", "resourceLabels", "tags"})
"""Parts of a GKE pool's `nodeConfig` that change on the nodes that run; all others replace them."""


_CONTROL_PLANES = {
    "aws:eks/cluster:Cluster": "EKS upgrades the control plane, whose API stays reachable, and the same `up` then "
    "replaces every node of each group: a pod has 15 minutes to leave, and what does not leave makes the update fail.",
    "gcp:container/cluster:Cluster": "GKE upgrades the control plane now, and every node in a later maintenance window "
    "outside of the holds: a pod has an hour to leave, then it is killed.",
    "azure-native:containerservice:ManagedCluster": "AKS upgrades the control plane alone, and the same `up` then "
    "every pool: GPU nodes are drained one at a time without a spare one, with 30 minutes for a pod to leave, and spot "
    "nodes are evicted without a drain.",
}
"""What really happens to nodes when a control plane's version is raised, by its type."""


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("update"):
        users = affected_users(change.step.type)
        cause = next((item for item in change.properties if users and _recycles(change.step.type, item)), None)
        if cause is not None:
            if words := _CONTROL_PLANES.get(change.step.type) if "ersion" in str(cause.path[-1]) else None:
                yield Hit("medium", change.step.urn, words, cause.text)
                continue
            yield Hit("medium", change.step.urn, f"{_how(change.step)}, which moves {users}.", cause.text)


def _recycles(token: str, item: PropertyChange) -> bool:
    if not item.path or item.path[0] == "tags":
        return False
    if token == _GKE_POOL and item.path[0] == "nodeConfig" and len(item.path) > 1:
        return item.path[1] not in _GKE_QUIET
    return bool(_RECYCLES & {str(part) for part in item.path})


def _how(step: Step) -> str:
    """EKS alone can also start the new node first: https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupUpdateConfig.html"""
    if step.type.endswith(":NodeGroup") and mapping(step.inputs.get("updateConfig")).get("updateStrategy") != "MINIMAL":
        return "Its nodes are replaced one after the other, each by a new one that starts first"
    return "Nodes are drained one after the other"


RULE = RiskRule(
    id="nodes-recycled",
    topic="downtime",
    title="No update drains nodes",
    fix="Let long training jobs write a checkpoint first, and keep disruption budgets for serving workloads.",
    examine=_examine,
    headline="what runs on {things} is moved to new machines",
    link="https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/",
)
