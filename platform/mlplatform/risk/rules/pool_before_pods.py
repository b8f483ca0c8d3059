"""A pool goes while something of the layer still runs on its nodes."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.components.labels import POOL_LABEL
from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import mapping, text
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.queues import cluster_goes, kind_in_cluster
from mlplatform.risk.rule import Hit, RiskRule

_LABELS = {
    "aws:eks/nodeGroup:NodeGroup": ("labels",),
    "gcp:container/nodePool:NodePool": ("nodeConfig", "labels"),
    "azure-native:containerservice:AgentPool": ("nodeLabels",),
}
"""Types of pools, and where the labels of their nodes stand."""

_WORKLOADS = frozenset({"Deployment", "StatefulSet", "Rollout", "LeaderWorkerSet"})
_MOST = 2


def _examine(evidence: Evidence) -> Iterator[Hit]:
    if cluster_goes(evidence):
        return
    left = {_pool(step) for step in evidence.after.values()}
    gone: dict[str, Step] = {}
    for change in evidence.of("delete"):
        if change.before and (pool := _pool(change.before)) and pool not in left:
            gone.setdefault(pool, change.before)
    if not gone:
        return
    users: dict[str, list[Step]] = {}
    for step in evidence.before.values():
        if kind_in_cluster(step) in _WORKLOADS and (pool := _runs_on(step)) in gone:
            users.setdefault(pool, []).append(step)
    for pool, steps in users.items():
        stays = sorted({step.name for step in steps if step.urn in evidence.after})
        named = ", ".join(map(shown, (stays or sorted(step.name for step in steps))[:_MOST]))
        more = f" and {len(stays or steps) - _MOST} more" if len(stays or steps) > _MOST else ""
        first = f"The cloud's stack is applied first and takes the nodes of {shown(pool)}"
        reason = (
            f"{first}: {named}{more} has none until the stack inside the cluster is applied too."
            if stays
            else f"{first}, while {named}{more} goes with the stack inside the cluster: until then it answers nobody."
        )
        yield Hit("high" if stays else "medium", gone[pool].urn, reason)


def _pool(step: Step) -> str:
    value: object = step.inputs
    for key in _LABELS.get(step.type, ("",)):
        value = mapping(value).get(key)
    return text(mapping(value).get(POOL_LABEL))


def _runs_on(step: Step) -> str:
    """The pool that the pods of a workload select; empty where they select none."""
    spec = mapping(step.inputs.get("spec"))
    template = mapping(spec.get("template")) or mapping(mapping(spec.get("leaderWorkerTemplate")).get("workerTemplate"))
    return text(mapping(mapping(template.get("spec")).get("nodeSelector")).get(POOL_LABEL))


RULE = RiskRule(
    id="pool-before-pods",
    topic="downtime",
    title="No pool goes before what runs on it",
    fix="Make two changes: first move or remove what runs on the pool, and apply both stacks; then remove the pool.",
    examine=_examine,
)
