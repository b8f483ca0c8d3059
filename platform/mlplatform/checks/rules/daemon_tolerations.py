"""Daemons tolerate every taint of the pools that they are for."""

from __future__ import annotations

from mlplatform.checks.nodes_and_pods import DAEMONS, RELEASE, chart_of, daemon_of, lands_on, pools, tolerations_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown


def _tolerates(release: Resource) -> list[CheckFault]:
    tolerations = tolerations_of(release)
    path = f"{daemon_of(release).under}.tolerations"
    return [
        CheckFault(f"It does not tolerate {shown(taint)} of the pool {shown(nodes.name)}.", path)
        for nodes in pools(release.index)
        if nodes.accelerated and lands_on(release, nodes)
        for taint in nodes.untolerated(tolerations)
    ]


RULE = CheckRule(
    id="daemon-tolerations",
    level="high",
    topic="cluster",
    title="Daemons tolerate every taint of their pools",
    why="A device plugin that a taint keeps off a node leaves its GPUs unusable: the node is up and paid, and no pod "
    "gets a GPU of it.",
    fix="Give daemons of nodes the toleration `operator: Exists` without a key.",
    entries=(
        Entry(
            (RELEASE,),
            _tolerates,
            link="https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/",
            when=lambda release: chart_of(release) in DAEMONS,
            siblings=True,
        ),
    ),
)
