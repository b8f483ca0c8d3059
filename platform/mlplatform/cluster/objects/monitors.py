"""Pods whose metrics Azure's managed Prometheus collects:
https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-crd"""

from __future__ import annotations

from mlplatform.cluster.objects.base import KubeObject, LabelSelector, Metadata
from mlplatform.fast.record import record


@record(kw_only=True)
class MetricsEndpoint:
    """Where a pod shows its metrics."""

    port: str
    """Name of its port."""

    interval: str | None = None
    """Time between two readings. Omitted: 30 seconds."""


@record(kw_only=True)
class PodMonitorSpec:
    """Which pods are read, and how."""

    selector: LabelSelector
    """The pods, in the monitor's namespace."""

    pod_metrics_endpoints: tuple[MetricsEndpoint, ...]
    """Their ports."""


@record(kw_only=True)
class PodMonitor(KubeObject):
    """Pods that are read."""

    API = "azmonitoring.coreos.com/v1"
    KIND = "PodMonitor"

    metadata: Metadata
    """Name and namespace."""

    spec: PodMonitorSpec
    """The pods."""
