"""Dashboards in the form of Grafana, built with its own library, which is imported only here.

The library of Grafana 10.4 is taken: the oldest that the managed services run. A newer Grafana reads an older form, and
changes it to its own; an older one does not read a newer form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from grafana_foundation_sdk.builders import (
    azuremonitor,
    cloudwatch,
    dashboard,
    googlecloudmonitoring,
    prometheus,
    text,
    timeseries,
)
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import azuremonitor as azure_models
from grafana_foundation_sdk.models import cloudwatch as cloudwatch_models
from grafana_foundation_sdk.models.common import VisibilityMode
from grafana_foundation_sdk.models.dashboard import DataSourceRef
from grafana_foundation_sdk.models.text import TextMode

from mlplatform.components.boards import Board
from mlplatform.components.names import platform_name
from mlplatform.components.panels import (
    AzureMetricQuery,
    CloudWatchQuery,
    LogQuery,
    Panel,
    PanelQuery,
    PromQuery,
    Unit,
)
from mlplatform.render.dashboards.boards import TargetBoards
from mlplatform.spec.platform import PlatformSpec

_HEIGHT, _WIDTH = 8, 12

_UNITS: Mapping[Unit, str] = {
    "percent": "percent",
    "per second": "reqps",
    "milliseconds": "ms",
    "microseconds": "µs",
    "celsius": "celsius",
    "watt": "watt",
    "bytes": "bytes",
    "usd": "currencyUSD",
    "number": "none",
}
"""Grafana's names of units, https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/"""

_SOURCES: Mapping[str, str] = {
    "prometheus": "Prometheus",
    "cloudwatch": "CloudWatch",
    "grafana-azure-monitor-datasource": "Azure Monitor",
    "stackdriver": "Google Cloud Monitoring",
}
"""Grafana's names of kinds of data sources, and what people call them."""


def dashboard_files(spec: PlatformSpec, found: TargetBoards) -> Mapping[str, str]:
    """The dashboards by their file's name, as JSON; the same platform gives the same bytes.

    Args:
        spec: the platform, narrowed to one target.
        found: its dashboards.
    """
    return {f"{board.name}.json": _written(spec, board, found.google_project) for board in found.boards}


def dashboard_uid(spec: PlatformSpec, board: str) -> str:
    """The dashboard's identifier: at most 40 characters, https://grafana.com/docs/grafana/latest/developers/http_api/

    Args:
        spec: the platform, narrowed to one target.
        board: name of the dashboard.
    """
    whole = f"{platform_name(spec)}-{spec.targets[0].name}-{board}"
    if len(whole) <= 40:
        return whole
    return f"{whole[:31]}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def _written(spec: PlatformSpec, board: Board, project: str) -> str:
    built = (
        dashboard.Dashboard(f"{platform_name(spec, ' ')} {spec.targets[0].name}: {board.title}")
        .uid(dashboard_uid(spec, board.name))
        .tags(["mlplatform", spec.name, spec.environment])
        .readonly()
        .timezone("utc")
        .time(board.span, "now")
        .refresh("1m" if board.span == "now-6h" else "")
    )
    kinds = {kind: None for panels in board.rows.values() for panel in panels for kind in _kinds(panel, project)}
    for kind in kinds:
        built = built.with_variable(dashboard.DatasourceVariable(_variable(kind)).label(_SOURCES[kind]).type(kind))
    if board.text:
        built = built.with_panel(
            text.Panel().title("").mode(TextMode.MARKDOWN).content(board.text).height(_HEIGHT).span(2 * _WIDTH)
        )
    for heading, panels in board.rows.items():
        if heading and panels:
            built = built.with_row(dashboard.Row(heading))
        for panel in panels:
            built = built.with_panel(_panel(panel, project))
    document = json.loads(JSONEncoder().encode(built.build()))
    for number, panel in enumerate(document["panels"], start=1):
        # the library gives no ids, and Grafana those that it likes: links to a panel would break with each change
        panel["id"] = number
    return json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def _variable(kind: str) -> str:
    """Name of the variable of a data source: letters and digits."""
    return {"grafana-azure-monitor-datasource": "azuremonitor"}.get(kind, kind)


def _kinds(panel: Panel, project: str) -> Iterator[str]:
    for query in panel.queries:
        yield _kind(query, project)


def _kind(query: PanelQuery, project: str) -> str:
    match query:
        case PromQuery():
            return "stackdriver" if project else "prometheus"
        case CloudWatchQuery():
            return "cloudwatch"
        case AzureMetricQuery() | LogQuery():
            return "grafana-azure-monitor-datasource"


def _panel(panel: Panel, project: str) -> timeseries.Panel:
    kind = _kind(panel.queries[0], project)
    source = DataSourceRef(type_val=kind, uid=f"${{{_variable(kind)}}}")
    built = (
        timeseries.Panel()
        .title(panel.title)
        .unit(_UNITS[panel.unit])
        .datasource(source)
        .height(_HEIGHT)
        .span(_WIDTH)
        .line_width(1)
        .fill_opacity(8)
        # a look a day is a point, and no line
        .show_points(VisibilityMode.AUTO)
    )
    if panel.about:
        built = built.description(panel.about)
    for index, query in enumerate(panel.queries):
        built = built.with_target(_target(query, _reference(index), source, project))
    return built


def _reference(index: int) -> str:
    """`A`, `B`, … `Z`, `AA`: names of a panel's queries."""
    more, last = divmod(index, 26)
    return (_reference(more - 1) if more else "") + chr(ord("A") + last)


def _target(query: PanelQuery, name: str, source: DataSourceRef, project: str) -> Builder[Dataquery]:
    match query:
        case PromQuery() if project:
            # without a list of series, Grafana takes the query for one of an older form and drops it
            nothing = googlecloudmonitoring.TimeSeriesList().project_name(project).filters([]).group_bys([])
            return (
                googlecloudmonitoring.CloudMonitoringQuery()
                .ref_id(name)
                .datasource(source)
                .query_type("promQL")
                .alias_by(query.legend)
                .prom_ql_query(googlecloudmonitoring.PromQLQuery().project_name(project).expr(query.text).step("60s"))
                .time_series_list(nothing.cross_series_reducer("REDUCE_NONE"))
            )
        case PromQuery():
            built = prometheus.Dataquery().ref_id(name).datasource(source).expr(query.text).range()
            return built.legend_format(query.legend) if query.legend else built
        case CloudWatchQuery():
            return (
                cloudwatch.CloudWatchMetricsQuery()
                .ref_id(name)
                .id(f"q{name.lower()}")
                .datasource(source)
                .query_mode(cloudwatch_models.CloudWatchQueryMode.METRICS)
                .metric_query_type(cloudwatch_models.MetricQueryType.SEARCH)
                .metric_editor_mode(cloudwatch_models.MetricEditorMode.BUILDER)
                .region(query.region)
                .namespace(query.namespace)
                .metric_name(query.metric)
                .statistic(query.statistic)
                .dimensions({key: [value] for key, value in query.dimensions.items()})
                .match_exact(True)
                .period(str(query.seconds))
                .label(_cloudwatch_label(query))
            )
        case AzureMetricQuery():
            resource = (
                azuremonitor.AzureMonitorResource()
                .subscription(query.subscription)
                .resource_group(query.group)
                .resource_name(query.resource)
                .metric_namespace(query.namespace)
            )
            return (
                azuremonitor.AzureMonitorQuery()
                .ref_id(name)
                .datasource(source)
                .query_type("Azure Monitor")
                .subscription(query.subscription)
                .azure_monitor(
                    azuremonitor.AzureMetricQuery()
                    .resources([resource])
                    .metric_namespace(query.namespace)
                    .metric_name(query.metric)
                    .aggregation(query.aggregation)
                    .time_grain("auto")
                    .dimension_filters([])
                )
            )
        case LogQuery():
            return (
                azuremonitor.AzureMonitorQuery()
                .ref_id(name)
                .datasource(source)
                .query_type("Azure Log Analytics")
                .azure_log_analytics(
                    azuremonitor.AzureLogsQuery()
                    .query(query.text)
                    .resources([query.workspace])
                    .result_format(azure_models.ResultFormat.TIME_SERIES)
                )
            )


def _cloudwatch_label(query: CloudWatchQuery) -> str:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html"""
    stars = [name for name, value in query.dimensions.items() if value == "*"]
    if stars:
        return " ".join(f"${{PROP('Dim.{name}')}}" for name in stars)
    return f"{query.metric} {query.statistic} {' '.join(list(query.dimensions.values())[-1:])}"
