"""Pictures of dashboards, before any tool's form: what they show, in the query language of where the figures are.

Imports no SDK.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, Protocol, get_args

from mlplatform.components.contract import contract
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

Unit = Literal["percent", "per second", "milliseconds", "microseconds", "celsius", "watt", "bytes", "usd", "number"]
"""What a value is."""

Signal = Literal[
    "judged",
    "rows",
    "labelled_rows",
    "change",
    "input_shift",
    "metric",
    "estimated_accuracy",
    "estimated_mae",
    "served",
]
"""A figure that a monitor tells at each look, `mlplatform/monitor/tell.py`."""
SIGNALS: tuple[Signal, ...] = get_args(Signal)


@record(kw_only=True)
class PromQuery:
    """Series of Prometheus, or of Google's Cloud Monitoring, which answers PromQL too."""

    text: str
    """PromQL."""

    legend: str = ""
    """Name of a line, with labels in double braces. Omitted: all labels."""


@record(kw_only=True)
class CloudWatchQuery:
    """A metric of CloudWatch."""

    region: str
    """Where it is."""

    namespace: str
    """Its namespace."""

    metric: str
    """Its name."""

    statistic: str
    """How values of an interval are combined: `Sum`, `p99`."""

    dimensions: Mapping[str, str]
    """Its dimensions; `*` for every value, a line each."""

    seconds: int = 300
    """Length of an interval."""


@record(kw_only=True)
class AzureMetricQuery:
    """Metrics that Azure Monitor has of a resource."""

    subscription: str
    """Subscription of the resource."""

    group: str
    """Its resource group."""

    resource: str
    """Its name; a slash between the names of a resource and of its parent."""

    namespace: str
    """Its type in lower case."""

    metric: str
    """Name of the metric."""

    aggregation: Literal["Average", "Maximum", "Total"]
    """How values of an interval are combined."""


@record(kw_only=True)
class LogQuery:
    """A query over a Log Analytics workspace that gives a time, a name and a value in each row."""

    workspace: str
    """Resource id of the workspace."""

    text: str
    """KQL. `$__timeFilter` and `$__interval` are Grafana's."""


PanelQuery = PromQuery | CloudWatchQuery | AzureMetricQuery | LogQuery


@record(kw_only=True)
class Panel:
    """A picture of values over time."""

    title: str
    """Heading, without the unit."""

    unit: Unit
    """What the values are."""

    queries: tuple[PanelQuery, ...]
    """Where the lines come from, all from one source."""

    about: str = ""
    """What a reader must know of it. Omitted: nothing."""


@record(kw_only=True)
class TargetPanels:
    """What one cloud knows of a target."""

    matcher: str
    """What selects the cluster's series in Prometheus; empty where all are of one cluster."""

    google_project: str
    """Project whose Cloud Monitoring answers PromQL; empty where Prometheus does."""

    records: bool
    """Whether recorded metrics are there."""

    system: tuple[Panel, ...]
    """Nodes of the training cluster."""

    gpus: tuple[Panel, ...]
    """Their GPUs."""

    endpoints: Mapping[str, tuple[Panel, ...]]
    """Endpoints that the cloud's service runs, by name."""

    signals: Mapping[str, Mapping[Signal, PanelQuery]]
    """What monitors tell, by endpoint."""


@contract("dashboards.panels")
class DescribesPanels(Protocol):
    """Says where figures of a platform are that is narrowed to one target."""

    def __call__(self, spec: PlatformSpec, /) -> TargetPanels: ...


def managed_endpoints(spec: PlatformSpec) -> tuple[EndpointSpec, ...]:
    """Endpoints that the cloud's service runs."""
    return tuple(endpoint for endpoint in spec.endpoints if endpoint.on == "managed")


def monitored_endpoints(spec: PlatformSpec) -> tuple[EndpointSpec, ...]:
    """Endpoints whose model is watched."""
    return tuple(endpoint for endpoint in spec.endpoints if endpoint.monitor)


def watches_cluster(spec: PlatformSpec) -> bool:
    """Whether managed Prometheus has series of a training cluster."""
    return spec.training is not None and spec.monitoring.prometheus


def prometheus_panel(title: str, unit: Unit, text: str, legend: str) -> Panel:
    """A picture of one query of Prometheus.

    Args:
        title: heading.
        unit: what the values are.
        text: PromQL.
        legend: name of a line.
    """
    return Panel(title=title, unit=unit, queries=(PromQuery(text=text, legend=legend),))


@record(kw_only=True)
class Figures:
    """Where one cloud has the figures of a platform: what differs between clouds."""

    system: Iterable[Panel]
    """Nodes of the training cluster."""

    has_system: bool
    """Whether somebody keeps their series."""

    exports: bool
    """Whether the exporter of GPUs is there."""

    records: bool
    """Whether recorded metrics are there."""

    node: str
    """Labels that name the node of a GPU."""

    endpoint: Callable[[EndpointSpec], Iterable[Panel]]
    """Pictures of an endpoint that the cloud's service runs."""

    signal: Callable[[EndpointSpec, Signal], PanelQuery]
    """Where a figure of an endpoint's monitor is."""

    matcher: str = ""
    """What selects the cluster's series. Omitted: all are of one cluster."""

    google_project: str = ""
    """Project whose Cloud Monitoring answers PromQL. Omitted: Prometheus does."""


def arrange_panels(spec: PlatformSpec, figures: Figures) -> TargetPanels:
    """The pictures of a target, alike on every cloud.

    Args:
        spec: narrowed to the target.
        figures: where they are.
    """
    pools = spec.training and spec.training.pools
    return TargetPanels(
        matcher=figures.matcher,
        google_project=figures.google_project,
        records=figures.records,
        system=tuple(figures.system) if figures.has_system else (),
        gpus=gpu_panels(figures.node, figures.matcher) if figures.exports and pools else (),
        endpoints={each.name: tuple(figures.endpoint(each)) for each in managed_endpoints(spec)},
        signals={
            each.name: {signal: figures.signal(each, signal) for signal in SIGNALS}
            for each in monitored_endpoints(spec)
        },
    )


def look_hours(endpoint: EndpointSpec) -> int:
    """Hours from one look of an endpoint's monitor to the next.

    Args:
        endpoint: the endpoint.
    """
    return endpoint.monitor.every_hours if endpoint.monitor else 24


def gpu_panels(node: str, matcher: str = "") -> tuple[Panel, ...]:
    """What NVIDIA's exporter tells, alike on every cloud.

    Args:
        node: labels that name the node.
        matcher: what selects the cluster's series. Omitted: all are of one cluster.
    """
    chosen = f"{{{matcher}}}" if matcher else ""
    legend = " ".join(f"{{{{{label.strip()}}}}}" for label in node.split(",")[:1])
    by = f"by ({node})"
    used, free = f"DCGM_FI_DEV_FB_USED{chosen}", f"DCGM_FI_DEV_FB_FREE{chosen}"

    def panel(title: str, unit: Unit, text: str, about: str = "") -> Panel:
        return Panel(title=title, unit=unit, queries=(PromQuery(text=text, legend=legend),), about=about)

    return (
        panel("Use of GPUs by node", "percent", f"avg {by} (DCGM_FI_DEV_GPU_UTIL{chosen})"),
        panel("GPU memory by node", "percent", f"100 * avg {by} ({used} / ({used} + {free}))"),
        panel("Hottest GPU by node", "celsius", f"max {by} (DCGM_FI_DEV_GPU_TEMP{chosen})"),
        panel("Power of GPUs by node", "watt", f"sum {by} (DCGM_FI_DEV_POWER_USAGE{chosen})"),
        Panel(
            title="GPUs that report",
            unit="number",
            queries=(PromQuery(text=f"count by (modelName) (DCGM_FI_DEV_GPU_UTIL{chosen})", legend="{{modelName}}"),),
            about="Nodes that start or stop report none.",
        ),
    )
