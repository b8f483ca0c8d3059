"""The queue's metrics on AKS."""

from __future__ import annotations

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import LabelSelector, Metadata
from mlplatform.cluster.objects.monitors import ServiceEndpoint, ServiceMonitor, ServiceMonitorSpec, TlsConfig
from mlplatform.cluster.parts.base import KUEUE_NAMESPACE


def build(layer: LayerContext) -> tuple[LayerItem, ...]:
    """Kueue shows its metrics to who may read `/metrics`, as the managed collector may, under a certificate of its own.

    https://github.com/Azure/prometheus-collector/blob/39583fd50/otelcollector/deploy/addon-chart/azure-monitor-metrics-addon/templates/ama-metrics-clusterRole.yaml
    """
    monitor = ServiceMonitor(
        metadata=Metadata(name="kueue", namespace=KUEUE_NAMESPACE),
        spec=ServiceMonitorSpec(
            selector=LabelSelector(
                match_labels={
                    "app.kubernetes.io/name": "kueue",
                    "app.kubernetes.io/component": "metrics-service",
                }
            ),
            endpoints=(
                ServiceEndpoint(
                    port="https",
                    scheme="https",
                    bearer_token_file="/var/run/secrets/kubernetes.io/serviceaccount/token",
                    tls_config=TlsConfig(insecure_skip_verify=True),
                ),
            ),
        ),
    )
    return (LayerItem(role="queue-metrics", stage="addons", body=monitor),)
