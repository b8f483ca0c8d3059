"""The metrics of endpoints' routers and servers on GKE."""

from __future__ import annotations

from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import LabelSelector, Metadata
from mlplatform.cluster.objects.google_monitors import PodMonitoring, PodMonitoringSpec, ScrapeEndpoint
from mlplatform.cluster.serving_facts import MeteredPods, RouterMetrics
from mlplatform.spec.endpoints import SERVING_NAMESPACE


def build(pods: MeteredPods, port: str, number: int, path: str) -> RouterMetrics:
    """https://docs.cloud.google.com/stackdriver/docs/managed-prometheus/setup-managed"""
    del number
    monitor = PodMonitoring(
        metadata=Metadata(name=pods.name, namespace=SERVING_NAMESPACE),
        spec=PodMonitoringSpec(
            selector=LabelSelector(match_labels=pods.labels),
            endpoints=(ScrapeEndpoint(port=port, path=path, interval="30s", scheme="http"),),
        ),
    )
    return RouterMetrics(annotations={}, items=(LayerItem(role=pods.role, stage="addons", body=monitor),))
