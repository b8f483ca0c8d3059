"""Daemons land on the pools that they are for."""

from __future__ import annotations

from mlplatform.checks.nodes_and_pods import DAEMONS, RELEASE, chart_of, daemon_of, is_for, lands_on, pools
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown
from mlplatform.components.labels import POOL_LABEL


def _lands(release: Resource) -> list[CheckFault]:
    daemon = daemon_of(release)
    return [
        CheckFault(f"It admits no node of the pool {shown(nodes.name)}.", daemon.choice or f"{daemon.under}.affinity")
        for nodes in pools(release.index)
        if is_for(daemon, nodes) and not lands_on(release, nodes)
    ]


RULE = CheckRule(
    id="daemon-placement",
    level="high",
    topic="cluster",
    title="Daemons land on the nodes of their pools",
    why="A required affinity that no label of a pool satisfies places no pod there, without an error: the chart's own "
    "asks for labels that only feature discovery sets, or for the machine types of its day.",
    fix=f"Set the affinity to a label that the pool's template has, such as {POOL_LABEL}.",
    entries=(
        Entry(
            (RELEASE,),
            _lands,
            link="https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/helm/nvidia-device-plugin/values.yaml",
            when=lambda release: chart_of(release) in DAEMONS,
            siblings=True,
        ),
    ),
)
