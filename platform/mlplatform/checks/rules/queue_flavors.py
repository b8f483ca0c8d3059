"""Each flavor is one pool, and each pool with accelerators has a flavor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mlplatform.checks.nodes_and_pods import POOLS, Nodes, nodes_of, pools
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown
from mlplatform.components.labels import POOL_LABEL

_FLAVOR = "kubernetes:kueue.x-k8s.io/v1beta2:ResourceFlavor"
_LINK = "https://kueue.sigs.k8s.io/docs/concepts/resource_flavor/"


def _labels(flavor: Resource) -> Mapping[str, str]:
    found = flavor.get("spec.nodeLabels")
    return cast("Mapping[str, str]", found) if isinstance(found, Mapping) else {}


def _selects(flavor: Resource, nodes: Nodes) -> bool:
    return all(nodes.labels.get(key) == value for key, value in _labels(flavor).items())


def _one_pool(flavor: Resource) -> list[CheckFault]:
    selected = [nodes for nodes in pools(flavor.index) if _selects(flavor, nodes)]
    if len(selected) != 1:
        names = ", ".join(nodes.name for nodes in selected) or "none"
        return [CheckFault(f"Its labels select {shown(names)} of the pools, expected one.", "spec.nodeLabels")]
    tolerations = [
        cast("Mapping[str, object]", each) for _, each in flavor.each("spec.tolerations[]") if isinstance(each, Mapping)
    ]
    return [
        CheckFault(f"Its tolerations leave out {shown(taint)} of the pool.", "spec.tolerations")
        for taint in selected[0].untolerated(tolerations)
    ]


def _has_flavor(pool: Resource) -> list[CheckFault]:
    nodes = nodes_of(pool)
    if any(_selects(flavor, nodes) for flavor in pool.index.of_type(_FLAVOR)):
        return []
    return [CheckFault("No flavor of the queue selects it: no job that is queued runs there.")]


RULE = CheckRule(
    id="queue-flavors",
    level="high",
    topic="cluster",
    title="Every pool with accelerators has one flavor that fits it",
    why="Kueue knows no nodes: a job that is admitted to a flavor without nodes, or without the toleration of a taint, "
    "is never scheduled and holds its quota.",
    fix=f"Let a flavor select its pool by the label {POOL_LABEL} and tolerate each of the pool's taints.",
    entries=(
        Entry((_FLAVOR,), _one_pool, link=_LINK, when=lambda flavor: bool(pools(flavor.index)), siblings=True),
        Entry(
            POOLS,
            _has_flavor,
            link=_LINK,
            when=lambda pool: nodes_of(pool).accelerated and bool(pool.index.of_type(_FLAVOR)),
            siblings=True,
        ),
    ),
)
