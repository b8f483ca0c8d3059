"""What the rules about namespaces of jobs share: which these are, and what Kueue holds. One plan has both layers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.checks.index import PlanIndex
from mlplatform.checks.resource import Resource
from mlplatform.components.labels import FABRIC_LABEL, POOL_LABEL

LOCAL_QUEUE = "kubernetes:kueue.x-k8s.io/v1beta2:LocalQueue"
CLUSTER_QUEUE = "kubernetes:kueue.x-k8s.io/v1beta2:ClusterQueue"
FLAVOR = "kubernetes:kueue.x-k8s.io/v1beta2:ResourceFlavor"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
NAMESPACE = "kubernetes:core/v1:Namespace"
NAME_LABEL = "kubernetes.io/metadata.name"


def queues_of(index: PlanIndex) -> Mapping[str, frozenset[str]]:
    """The queues behind each namespace that jobs run in."""
    return index.cached(_queues_of)


def _queues_of(index: PlanIndex) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for queue in index.of_type(LOCAL_QUEUE):
        found.setdefault(queue.text("metadata.namespace"), set()).add(queue.text("spec.clusterQueue"))
    return {name: frozenset(queues) for name, queues in found.items() if name}


def pools_of(index: PlanIndex, namespace: str) -> frozenset[str]:
    """The pools that jobs of a namespace may use."""
    queues = queues_of(index).get(namespace, frozenset())
    flavors = {
        text
        for queue in index.of_type(CLUSTER_QUEUE)
        if queue.text("metadata.name") in queues
        for text in queue.texts("spec.resourceGroups[].flavors[].name")
    }
    return frozenset(
        str(cast("Mapping[str, object]", labels).get(POOL_LABEL, ""))
        for flavor in index.of_type(FLAVOR)
        if flavor.text("metadata.name") in flavors and isinstance(labels := flavor.get("spec.nodeLabels"), Mapping)
    )


def has_fabric(labels: Mapping[str, str]) -> bool:
    """Whether nodes with these labels are joined by a fast network."""
    return FABRIC_LABEL in labels


def configuration(release: Resource) -> Mapping[str, object] | None:
    """Kueue's configuration in its release's values; None where it cannot be read."""
    try:
        found = json.loads(release.text("values.managerConfig.controllerManagerConfigYaml"))
    except ValueError:
        return None
    return cast("Mapping[str, object]", found) if isinstance(found, Mapping) else None


def held_namespaces(config: Mapping[str, object]) -> frozenset[str] | None:
    """The namespaces by name in which Kueue holds jobs that name no queue; None where it is told otherwise, or all."""
    selector = config.get("managedJobsNamespaceSelector")
    if not isinstance(selector, Mapping):
        return None
    return next(iter(_names(cast("Mapping[str, object]", selector))), None)


def _names(selector: Mapping[str, object]) -> Iterator[frozenset[str]]:
    expressions = selector.get("matchExpressions")
    for each in cast("list[object]", expressions) if isinstance(expressions, list) else []:
        if isinstance(each, Mapping):
            condition = cast("Mapping[str, object]", each)
            values = condition.get("values")
            if condition.get("key") == NAME_LABEL and condition.get("operator") == "In" and isinstance(values, list):
                yield frozenset(map(str, cast("list[object]", values)))
