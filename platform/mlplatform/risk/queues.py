"""Queues of jobs in a cluster, as risk rules read them: https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/"""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.checks.resource import Resource
from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import items, mapping, text
from mlplatform.risk.evidence import Evidence

_CLUSTERS = frozenset({"Cluster", "ManagedCluster"})


def kind_in_cluster(step: Step) -> str:
    """The kind of an object in a cluster; empty for everything else."""
    return step.type.rpartition(":")[2] if step.type.startswith("kubernetes:") else ""


def cluster_goes(evidence: Evidence) -> bool:
    """Whether a cluster is deleted or replaced: what is inside of it goes with it, and is told there."""
    return any(change.step.type.rpartition(":")[2] in _CLUSTERS for change in evidence.of("delete", "replace"))


def nominal_quotas(queue: Step) -> Mapping[tuple[str, str], int]:
    """What a queue can always have, by flavor and resource; amounts with a unit are not compared.

    Raises:
        mlplatform.checks.predicates.UnknownInput: only the cloud knows the quotas.
    """
    found: dict[tuple[str, str], int] = {}
    for _, flavor in Resource(queue).each("spec.resourceGroups[].flavors[]"):
        for resource in items(mapping(flavor).get("resources")):
            each = mapping(resource)
            amount = str(each.get("nominalQuota"))
            if amount.isdecimal():
                found[text(mapping(flavor).get("name")), text(each.get("name"))] = int(amount)
    return found
