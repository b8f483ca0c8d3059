"""The metrics of endpoints' routers and servers on AKS."""

from __future__ import annotations

from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import LabelSelector, Metadata
from mlplatform.cluster.objects.monitors import MetricsEndpoint, PodMonitor, PodMonitorSpec
from mlplatform.cluster.serving_facts import MeteredPods, RouterMetrics
from mlplatform.spec.endpoints import SERVING_NAMESPACE


def build(pods: MeteredPods, port: str, number: int, path: str) -> RouterMetrics:
    """https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-crd"""
    del number
    monitor = PodMonitor(
        metadata=Metadata(name=pods.name, namespace=SERVING_NAMESPACE),
        spec=PodMonitorSpec(
            selector=LabelSelector(match_labels=pods.labels),
            pod_metrics_endpoints=(MetricsEndpoint(port=port, path=path),),
        ),
    )
    return RouterMetrics(annotations={}, items=(LayerItem(role=pods.role, stage="addons", body=monitor),))
