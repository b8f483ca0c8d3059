"""On GKE, pods of a critical priority are in a namespace that has a quota for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.checks.nodes_and_pods import RELEASE, chart_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown
from mlplatform.cluster.charts.registry import chart, chart_names

_CRITICAL = ("system-cluster-critical", "system-node-critical")
_QUOTA = "kubernetes:core/v1:ResourceQuota"
_PODS = tuple(f"kubernetes:apps/v1:{kind}" for kind in ("DaemonSet", "Deployment"))


def _in_gke(item: Resource) -> bool:
    return bool(item.index.of_type("gcp:container/*"))


def _admitted(item: Resource, namespace: str) -> bool:
    if namespace == "kube-system":
        return True
    return any(
        quota.text("metadata.namespace") == namespace
        and any(
            cast("Mapping[str, object]", scope).get("scopeName") == "PriorityClass"
            for _, scope in quota.each("spec.scopeSelector.matchExpressions[]")
            if isinstance(scope, Mapping)
        )
        for quota in item.index.of_type(_QUOTA)
    )


def _fault(namespace: str, path: str) -> CheckFault:
    return CheckFault(f"The namespace {shown(namespace)} has no quota for the priority of its pods.", path)


def _release(release: Resource) -> Iterator[CheckFault]:
    name, namespace = chart_of(release), release.text("namespace")
    own = release.text("values.priorityClassName")
    by_itself = name in chart_names() and chart(name).critical
    if (own in _CRITICAL or (not own and by_itself)) and not _admitted(release, namespace):
        yield _fault(namespace, "values.priorityClassName" if own else "namespace")


def _object(item: Resource) -> Iterator[CheckFault]:
    path, namespace = "spec.template.spec.priorityClassName", item.text("metadata.namespace") or "default"
    if item.text(path) in _CRITICAL and not _admitted(item, namespace):
        yield _fault(namespace, path)


_LINK = "https://kubernetes.io/docs/concepts/policy/resource-quotas/#limit-priority-class-consumption-by-default"

RULE = CheckRule(
    id="critical-priority",
    level="high",
    topic="cluster",
    title="Namespaces on GKE admit the priority of their pods",
    why="GKE refuses pods of a critical priority outside of kube-system: the daemon is there, and none of its pods is.",
    fix="Give the namespace a ResourceQuota with a scopeSelector of PriorityClass, or use kube-system.",
    entries=(
        Entry((RELEASE,), _release, link=_LINK, when=_in_gke, siblings=True),
        Entry(_PODS, _object, link=_LINK, when=_in_gke, siblings=True),
    ),
)
