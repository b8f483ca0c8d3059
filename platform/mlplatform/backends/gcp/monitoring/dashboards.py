"""Dashboards of Cloud Monitoring, rendered exactly as its server returns them."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pulumi
from pulumi_gcp import monitoring

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.monitoring.chart import Chart
from mlplatform.backends.gcp.naming import COMPUTE, LONG
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope

_COLUMNS, _WIDTH, _HEIGHT = 48, 24, 16


def build_dashboard(scope: Scope, role: str, title: str, charts: Sequence[Chart]) -> monitoring.Dashboard:
    """Build a dashboard of charts, two in a row."""
    foundation = native(scope.context.foundation.parts, GcpFoundation)
    return monitoring.Dashboard(
        scope.child(role),
        project=scope.target(GcpTarget).project,
        dashboard_json=_render(physical_name(scope.spec, title, LONG), physical_name(scope.spec, "", COMPUTE), charts),
        opts=scope.opts(depends_on=foundation.after("monitoring")),
    )


def _render(title: str, label: str, charts: Sequence[Chart]) -> str:
    """The dashboard's document; keys sorted, so that the same charts give the same text."""
    tiles = [
        {
            **_position(index),
            "width": _WIDTH,
            "height": _HEIGHT,
            "widget": {
                "title": chart.title,
                "xyChart": {
                    "chartOptions": {"mode": "COLOR"},
                    "dataSets": [
                        {
                            "plotType": "LINE",
                            "targetAxis": "Y1",
                            "timeSeriesQuery": {"prometheusQuery": query},
                        }
                        for query in chart.queries
                    ],
                },
            },
        }
        for index, chart in enumerate(charts)
    ]
    document = {
        "displayName": title,
        "labels": {label: ""},
        "mosaicLayout": {"columns": _COLUMNS, "tiles": tiles},
    }
    return json.dumps(document, sort_keys=True)


def _position(index: int) -> dict[str, int]:
    """Position without zeros: the server omits them, so every `up` would show a difference."""
    position = {"xPos": _WIDTH * (index % 2), "yPos": _HEIGHT * (index // 2)}
    return {axis: value for axis, value in position.items() if value}


def dashboard_url(scope: Scope, dashboard: monitoring.Dashboard) -> pulumi.Output[str]:
    """Address of a dashboard in the console."""
    project = scope.target(GcpTarget).project
    builder = "https://console.cloud.google.com/monitoring/dashboards/builder"
    return dashboard.id.apply(lambda id_: f"{builder}/{id_.rpartition('/')[2]}?project={project}")
