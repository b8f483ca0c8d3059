"""Daemons land on the pools that they are for."""

from __future__ import annotations

from mlplatform.catalog.accelerator import models
from mlplatform.checks.nodes_and_pods import DAEMONS, RELEASE, Nodes, chart_of, lands_on, pools
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown
from mlplatform.components.labels import ACCELERATOR_LABEL, POOL_LABEL


def _lands(release: Resource) -> list[CheckFault]:
    maker = DAEMONS[chart_of(release)]
    return [
        CheckFault(f"Its affinity admits no node of the pool {shown(nodes.name)}.", "values.affinity")
        for nodes in pools(release.index)
        if _is_of(nodes, maker) and not lands_on(release, nodes)
    ]


def _is_of(nodes: Nodes, maker: str) -> bool:
    model = models().get(nodes.labels.get(ACCELERATOR_LABEL, ""))
    return model is not None and model.vendor == maker


RULE = CheckRule(
    id="daemon-placement",
    level="high",
    topic="cluster",
    title="Daemons land on the nodes of their pools",
    why="A required affinity that no label of a pool satisfies places no pod there, without an error: the chart's own "
    "asks for labels that only feature discovery sets.",
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
