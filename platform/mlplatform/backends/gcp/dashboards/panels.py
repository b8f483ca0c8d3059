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
    SIGNALS,
    Panel,
    PromQuery,
    Signal,
    TargetPanels,
    Unit,
    gpu_panels,
    managed_endpoints,
    monitored_endpoints,
    watches_cluster,
)
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

_UNITS: Mapping[str, Unit] = {", %": "percent", ", ms": "milliseconds", ", °C": "celsius", ", W": "watt"}
"""Ends of the titles of Cloud Monitoring's charts, which have no unit of their own."""


def build(spec: PlatformSpec) -> TargetPanels:
    """Say where the figures are."""
    target = typed_target(spec.targets[0], GcpTarget)
    watched, training = watches_cluster(spec), spec.training
    cluster = physical_name(spec, "", CLUSTER)
    matcher = f'cluster="{cluster}"'
    return TargetPanels(
        matcher=matcher,
        google_project=target.project,
        # the rules are objects of the layer
        records=watched and spec.cluster is not None,
        system=tuple(_system(cluster)) if training else (),
        gpus=gpu_panels(GPU_NODE, matcher) if watched and training and training.pools else (),
        endpoints={
            each.name: tuple(_panel(chart) for chart in managed_charts(spec, target, each))
            for each in managed_endpoints(spec)
        },
        signals={each.name: _signals(spec, each) for each in monitored_endpoints(spec)},
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

    def panel(title: str, unit: Unit, text: str, legend: str) -> Panel:
        return Panel(title=title, unit=unit, queries=(PromQuery(text=text, legend=legend),))

    yield panel("Nodes", "number", f"count(kubernetes_io:node_cpu_total_cores{{{whose}}})", "nodes")
    cpu = f"100 * max by (node_name) (kubernetes_io:node_cpu_allocatable_utilization{{{whose}}})"
    yield panel("CPU by node", "percent", cpu, "{{node_name}}")
    memory = f'kubernetes_io:node_memory_allocatable_utilization{{{whose},memory_type="non-evictable"}}'
    yield panel("Memory by node", "percent", f"100 * max by (node_name) ({memory})", "{{node_name}}")
    condition = f'kubernetes_io:node_status_condition{{{whose},condition="Ready",status!="True"}}'
    yield panel("Nodes that are not ready", "number", f"sum by (node_name) ({condition})", "{{node_name}}")


def _signals(spec: PlatformSpec, endpoint: EndpointSpec) -> dict[Signal, PromQuery]:
    hours = endpoint.monitor.every_hours if endpoint.monitor else 24

    def query(signal: Signal) -> PromQuery:
        return PromQuery(text=mean_signal(spec, endpoint, signal, hours), legend="{{part}}")

    return {signal: query(signal) for signal in SIGNALS}
