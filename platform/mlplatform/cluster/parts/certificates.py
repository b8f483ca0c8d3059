"""cert-manager: certificates for what runs in the cluster, also for the webhooks of other charts."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.parts.engines import SMALL
from mlplatform.cluster.parts.walls import walled

CERTIFICATES_NAMESPACE = "cert-manager"
_WEBHOOK = 10250


def needs_certificates(layer: LayerContext) -> bool:
    """Whether cert-manager is there: the spec names it, or another part has a chart that needs it."""
    cluster = layer.spec.cluster
    return cluster is not None and "cert-manager" in cluster.addons


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """cert-manager with its kinds, where something needs it. It has no issuer: who asks for one makes it."""
    if not needs_certificates(layer):
        return
    yield from walled(CERTIFICATES_NAMESPACE, _WEBHOOK)
    two: dict[str, object] = {"replicaCount": 2, "podDisruptionBudget": {"enabled": True}, "resources": SMALL}
    yield LayerItem(
        role="release-cert-manager",
        stage="jobs",
        body=ChartRelease(
            chart="cert-manager",
            namespace=CERTIFICATES_NAMESPACE,
            values={
                # the chart leaves its kinds out; kept, a release that goes does not take everybody's certificates along
                "crds": {"enabled": True, "keep": True},
                # its default is `kube-system`, where it would need rights
                "global": {"leaderElection": {"namespace": CERTIFICATES_NAMESPACE}},
                **two,
                # without its answer the API server refuses every certificate
                "webhook": two,
                "cainjector": two,
            },
        ),
    )
