"""Namespaces of jobs keep pods from taking over the nodes, and those of daemons let them work on the nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mlplatform.checks.nodes_and_pods import DAEMONS, RELEASE, chart_of, pools
from mlplatform.checks.queues import NAMESPACE, has_fabric, pools_of, queues_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

_LEVEL = "pod-security.kubernetes.io/enforce"
_LINK = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"


def _level(namespace: Resource) -> str:
    labels = namespace.get("metadata.labels")
    return str(cast("Mapping[str, object]", labels).get(_LEVEL, "")) if isinstance(labels, Mapping) else ""


def _of_jobs(namespace: Resource) -> list[CheckFault]:
    name, level = namespace.text("metadata.name"), _level(namespace)
    own = pools_of(namespace.index, name)
    fabric = any(has_fabric(nodes.labels) for nodes in pools(namespace.index) if nodes.name in own)
    if level in ("baseline", "restricted") or (level == "privileged" and fabric):
        return []
    got = shown(level) if level else "none"
    expected = "baseline or restricted" if not fabric else "baseline, restricted, or privileged for its fabric"
    return [CheckFault(f"The enforced level of pod security is {got}, expected {expected}.", "metadata.labels")]


def _of_daemons(release: Resource) -> list[CheckFault]:
    name = release.text("namespace")
    return [
        CheckFault(f"It needs the nodes, and its namespace enforces {shown(level)}: none of its pods would start.")
        for namespace in release.index.of_type(NAMESPACE)
        if namespace.text("metadata.name") == name and (level := _level(namespace)) in ("baseline", "restricted")
    ]


RULE = CheckRule(
    id="job-namespaces",
    level="high",
    topic="cluster",
    title="Namespaces of jobs enforce pod security, and those of daemons admit them",
    why="A privileged pod of one team takes over a node with the jobs and credentials of the others; a daemon that is "
    "refused leaves its nodes without devices.",
    fix="Label the namespace with pod-security.kubernetes.io/enforce: baseline for jobs, privileged for daemons and "
    "for jobs on a fabric.",
    entries=(
        Entry(
            (NAMESPACE,),
            _of_jobs,
            link=_LINK,
            when=lambda namespace: namespace.text("metadata.name") in queues_of(namespace.index),
            siblings=True,
        ),
        Entry((RELEASE,), _of_daemons, link=_LINK, when=lambda release: chart_of(release) in DAEMONS, siblings=True),
    ),
)
