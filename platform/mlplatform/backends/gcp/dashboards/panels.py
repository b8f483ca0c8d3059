"""Figures of a platform on Google Cloud: all in Cloud Monitoring, which answers PromQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlplatform.backends.gcp.cluster.recorded import GPU_NODE
from mlplatform.backends.gcp.model_monitor.signals import mean_signal
from mlplatform.backends.gcp.monitoring.chart import Chart
from mlplatform.backends.gcp.naming import CLUSTER
from mlplatform.backends.gcp.serving.charts import managed_charts
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import typed_target
from mlplatform.components.panels import (
    Figures,
    Panel,
    PromQuery,
    Signal,
    TargetPanels,
    Unit,
    arrange_panels,
    look_hours,
    prometheus_panel,
    watches_cluster,
)
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

_UNITS: Mapping[str, Unit] = {", %": "percent", ", ms": "milliseconds", ", °C": "celsius", ", W": "watt"}
"""Ends of the titles of Cloud Monitoring's charts, which have no unit of their own."""


def build(spec: PlatformSpec) -> TargetPanels:
    """Say where the figures are."""
    target, watched = typed_target(spec.targets[0], GcpTarget), watches_cluster(spec)
    cluster = physical_name(spec, "", CLUSTER)
    return arrange_panels(
        spec,
        Figures(
            system=_system(cluster),
            has_system=spec.training is not None,
            exports=watched,
            # the rules are objects of the layer
            records=watched and spec.cluster is not None,
            node=GPU_NODE,
            endpoint=lambda endpoint: map(_panel, managed_charts(spec, target, endpoint)),
            signal=lambda endpoint, signal: _signal(spec, endpoint, signal),
            matcher=f'cluster="{cluster}"',
            google_project=target.project,
        ),
    )


def _panel(chart: Chart) -> Panel:
    end = next((end for end in _UNITS if chart.title.endswith(end)), "")
    per_second = "per second" in chart.title or chart.title.startswith("Requests")
    unit: Unit = _UNITS[end] if end else "per second" if per_second else "number"
    queries = tuple(PromQuery(text=query) for query in chart.queries)
    return Panel(title=chart.title.removesuffix(end), unit=unit, queries=queries)


def _system(cluster: str) -> Iterator[Panel]:
    """Metrics that Google Cloud has of every cluster."""
    whose = f'cluster_name="{cluster}"'
    panel = prometheus_panel
    yield panel("Nodes", "number", f"count(kubernetes_io:node_cpu_total_cores{{{whose}}})", "nodes")
    cpu = f"100 * max by (node_name) (kubernetes_io:node_cpu_allocatable_utilization{{{whose}}})"
    yield panel("CPU by node", "percent", cpu, "{{node_name}}")
    memory = f'kubernetes_io:node_memory_allocatable_utilization{{{whose},memory_type="non-evictable"}}'
    yield panel("Memory by node", "percent", f"100 * max by (node_name) ({memory})", "{{node_name}}")
    condition = f'kubernetes_io:node_status_condition{{{whose},condition="Ready",status!="True"}}'
    yield panel("Nodes that are not ready", "number", f"sum by (node_name) ({condition})", "{{node_name}}")


def _signal(spec: PlatformSpec, endpoint: EndpointSpec, signal: Signal) -> PromQuery:
    return PromQuery(text=mean_signal(spec, endpoint, signal, look_hours(endpoint)), legend="{{part}}")
