"""What each GPU does, in managed Prometheus: AKS exports it only from fully managed pools, a preview that cannot start
at zero nodes. On AWS the CloudWatch add-on and on GCP GKE bring their own exporter.

https://learn.microsoft.com/azure/aks/monitor-gpu-metrics
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.cluster.daemons import EVERY_TAINT, on_pools
from mlplatform.cluster.facts import LayerContext, PoolNodes
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.objects.base import LabelSelector, Metadata
from mlplatform.cluster.objects.monitors import MetricsEndpoint, PodMonitor, PodMonitorSpec


def gpu_metrics(layer: LayerContext, pools: Sequence[PoolNodes], namespace: str) -> Iterator[LayerItem]:
    """NVIDIA's exporter on the pools with its GPUs, and their collection; nothing without managed Prometheus.

    Args:
        layer: the layer.
        pools: those with NVIDIA's GPUs.
        namespace: one that admits privileged pods.
    """
    if not layer.spec.monitoring.prometheus:
        return
    release = ChartRelease(
        chart="dcgm-exporter",
        namespace=namespace,
        values={
            # the chart's own tolerations are those of control planes, and without an affinity it runs on every node
            "tolerations": EVERY_TAINT,
            "affinity": on_pools(pools),
            # of a kind that AKS does not have
            "serviceMonitor": {"enabled": False},
        },
    )
    monitor = PodMonitor(
        metadata=Metadata(name="dcgm-exporter", namespace=namespace),
        spec=PodMonitorSpec(
            selector=LabelSelector(match_labels={"app.kubernetes.io/name": "dcgm-exporter"}),
            pod_metrics_endpoints=(MetricsEndpoint(port="metrics"),),
        ),
    )
    yield LayerItem(role="release-gpu-metrics", stage="devices", body=release)
    yield LayerItem(role="gpu-metrics", stage="devices", body=monitor)
