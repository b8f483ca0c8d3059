"""An update in place that drains nodes or restarts workloads."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule
from mlplatform.risk.serving import affected_users

_RECYCLES = frozenset(
    {"version", "releaseVersion", "minMasterVersion", "nodeVersion", "kubernetesVersion", "orchestratorVersion",
     "currentOrchestratorVersion", "launchTemplate", "nodeImageVersion", "vmSize", "imageType", "machineType"}
)  # fmt: skip


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("update"):
        users = affected_users(change.step.type)
        for item in change.properties:
            if users and item.path and item.path[0] != "tags" and _RECYCLES & {str(part) for part in item.path}:
                yield Hit(
                    "medium", change.step.urn, f"Nodes are drained one after the other, which moves {users}.", item.text
                )
                break


RULE = RiskRule(
    id="nodes-recycled",
    topic="downtime",
    title="No update drains nodes",
    fix="Let long training jobs write a checkpoint first, and keep disruption budgets for serving workloads.",
    examine=_examine,
    link="https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/",
)
