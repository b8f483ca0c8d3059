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

    path: str | None = None
    """Path of the metrics. Omitted: `/metrics`."""

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


@record(kw_only=True)
class TlsConfig:
    """How a certificate is checked."""

    insecure_skip_verify: bool
    """True: not at all."""


@record(kw_only=True)
class ServiceEndpoint:
    """Where the pods of a service show their metrics."""

    port: str
    """Name of the service's port."""

    scheme: str
    """Protocol: `http` or `https`."""

    bearer_token_file: str
    """File of the collector with the token that it sends."""

    tls_config: TlsConfig
    """Of HTTPS."""


@record(kw_only=True)
class ServiceMonitorSpec:
    """Which services are read, and how."""

    selector: LabelSelector
    """The services, in the monitor's namespace."""

    endpoints: tuple[ServiceEndpoint, ...]
    """Their ports."""


@record(kw_only=True)
class ServiceMonitor(KubeObject):
    """Services whose pods are read."""

    API = "azmonitoring.coreos.com/v1"
    KIND = "ServiceMonitor"

    metadata: Metadata
    """Name and namespace."""

    spec: ServiceMonitorSpec
    """The services."""
