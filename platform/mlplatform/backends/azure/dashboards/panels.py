"""Figures of a platform on Azure: managed Prometheus for the cluster, Azure Monitor for endpoints and monitors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from mlplatform.backends.azure.model_monitor.signals import monitor_lines
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.monitor_alerts import METRIC
from mlplatform.components.narrowed import typed_target
from mlplatform.components.panels import (
    AzureMetricQuery,
    Figures,
    LogQuery,
    Panel,
    Signal,
    TargetPanels,
    Unit,
    arrange_panels,
    prometheus_panel,
    watches_cluster,
)
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

_GPU_NODE = "Hostname"
"""Label of the node of a GPU, the exporter's."""

_ONLINE = "microsoft.machinelearningservices/workspaces/onlineendpoints"
_APP = "microsoft.app/containerapps"


def build(spec: PlatformSpec) -> TargetPanels:
    """Say where the figures are."""
    target, watched = typed_target(spec.targets[0], AzureTarget), watches_cluster(spec)
    # the exporter of GPUs is the layer's, and so is what is recorded
    inside = watched and spec.cluster is not None
    return arrange_panels(
        spec,
        Figures(
            system=_system(),
            has_system=watched,
            exports=inside,
            records=inside,
            node=_GPU_NODE,
            endpoint=lambda endpoint: _endpoint(spec, target, endpoint),
            signal=lambda endpoint, signal: _signal(spec, target, endpoint, signal),
        ),
    )


def _system() -> Iterator[Panel]:
    """What the collector of AKS keeps by default of nodes and of the cluster's objects."""
    panel = prometheus_panel
    ready = 'sum by (node) (kube_node_status_condition{condition="Ready",status="true"})'
    yield panel("Nodes that are ready", "number", f"sum({ready})", "nodes")
    idle = 'avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))'
    yield panel("CPU by node", "percent", f"100 * (1 - {idle})", "{{instance}}")
    free = "sum by (instance) (node_memory_MemAvailable_bytes) / sum by (instance) (node_memory_MemTotal_bytes)"
    yield panel("Memory by node", "percent", f"100 * (1 - {free})", "{{instance}}")
    waiting = 'sum by (namespace) (kube_pod_status_phase{phase="Pending"})'
    yield panel("Pods that wait", "number", waiting, "{{namespace}}")


def _endpoint(spec: PlatformSpec, target: AzureTarget, endpoint: EndpointSpec) -> Iterator[Panel]:
    sleeps = endpoint.sleeps
    names = (
        (physical_name(spec, "app", endpoint.name),)
        if sleeps
        else (physical_name(spec, "ml-workspace", "ml"), physical_name(spec, "ml-endpoint", endpoint.name))
    )

    def panel(title: str, unit: Unit, how: Literal["Average", "Maximum", "Total"], *metrics: str) -> Panel:
        queries = tuple(
            AzureMetricQuery(
                subscription=target.subscription_id,
                group=physical_name(spec, "resource-group", "rg"),
                resource="/".join(names),
                namespace=_APP if sleeps else _ONLINE,
                metric=metric,
                aggregation=how,
            )
            for metric in metrics
        )
        return Panel(title=title, unit=unit, queries=queries)

    if sleeps:
        yield panel("Requests", "number", "Total", "Requests")
        yield panel("Replicas", "number", "Maximum", "Replicas")
        yield panel("Response time", "milliseconds", "Average", "ResponseTime")
        used = ("GpuUtilizationPercentage",) if endpoint.accelerator else ("CpuPercentage", "MemoryPercentage")
        yield panel("Use", "percent", "Average", *used)
        return
    yield panel("Requests in a minute", "number", "Average", "RequestsPerMinute")
    yield panel("Open connections", "number", "Average", "ConnectionsActive")
    latencies = ("RequestLatency_P50", "RequestLatency_P95", "RequestLatency_P99")
    yield panel("Response time", "milliseconds", "Average", *latencies)


def _signal(spec: PlatformSpec, target: AzureTarget, endpoint: EndpointSpec, signal: Signal) -> LogQuery:
    group, logs = physical_name(spec, "resource-group", "rg"), physical_name(spec, "log-workspace", "logs")
    workspace = target.resource(group, "Microsoft.OperationalInsights/workspaces", logs)
    assert endpoint.monitor is not None
    text = (
        f"{monitor_lines(endpoint.monitor, endpoint, METRIC)}\n"
        f"| where $__timeFilter(TimeGenerated) and tostring(said.metric) == '{signal}'\n"
        "| project TimeGenerated, part = tostring(said.part), value = toreal(said.value)\n"
        "| order by TimeGenerated asc"
    )
    return LogQuery(workspace=workspace, text=text)
