"""The engines of jobs: JobSet, Kubeflow Trainer, KubeRay. And LeaderWorkerSet, of replicas over several nodes."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.parts.base import (
    GROUPS_NAMESPACE,
    JOBSET_NAMESPACE,
    RAY_NAMESPACE,
    TRAINER_NAMESPACE,
    needs_groups,
)

SMALL = {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"memory": "1Gi"}}
"""Resources of a controller whose chart sets none or too little."""


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """The engines that the spec names or an endpoint needs, and JobSet, on which Trainer builds."""
    engines = layer.spec.cluster.engines if layer.spec.cluster else ()
    yield LayerItem(
        role="release-jobset",
        stage="jobs",
        body=ChartRelease(
            chart="jobset",
            namespace=JOBSET_NAMESPACE,
            values={"controller": {"replicas": 2, "podDisruptionBudget": {"enabled": True}}},
        ),
    )
    if "trainer" in engines:
        yield LayerItem(
            role="release-trainer",
            stage="engines",
            body=ChartRelease(
                chart="kubeflow-trainer",
                namespace=TRAINER_NAMESPACE,
                values={
                    # JobSet is a release of its own: two of them would both own its kinds
                    "jobset": {"install": False},
                    "manager": {"replicas": 2, "resources": SMALL},
                },
            ),
        )
    if "ray" in engines:
        yield LayerItem(
            role="release-ray",
            stage="engines",
            body=ChartRelease(
                chart="kuberay-operator",
                namespace=RAY_NAMESPACE,
                values={"replicas": 2, "resources": SMALL},
            ),
        )
    if needs_groups(layer):
        yield LayerItem(
            role="release-lws",
            stage="engines",
            body=ChartRelease(
                chart="lws",
                namespace=GROUPS_NAMESPACE,
                values={
                    "replicaCount": 2,
                    "resources": SMALL,
                    # the chart says nothing of it, and its namespace admits no pod without
                    "podSecurityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                },
            ),
        )
