"""CloudWatch dashboards built from charts, and the dashboard of the training cluster."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pulumi
from pulumi_aws import cloudwatch

from mlplatform.backends.aws.naming import LONG
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope

_WIDTH, _HEIGHT = 12, 6

MetricRow = Sequence[object]
"""A metric in the form that dashboards take: namespace, name, dimensions, options."""
MetricChart = tuple[str, Sequence[MetricRow], str]
"""Title, metrics and statistic of one chart."""


def make_dashboard(scope: Scope, role: str, name: str, charts: Sequence[MetricChart]) -> pulumi.Output[str]:
    """Create a dashboard; returns its address."""
    target = scope.target(AwsTarget)
    widgets = [
        _widget(index, title, target.region, metrics, stat) for index, (title, metrics, stat) in enumerate(charts)
    ]
    dashboard = cloudwatch.Dashboard(
        scope.child(role),
        dashboard_name=physical_name(scope.spec, name, LONG),
        dashboard_body=json.dumps({"widgets": widgets}, sort_keys=True),
        opts=scope.opts(delete_before_replace=True),
    )
    return pulumi.Output.concat(
        f"https://{target.region}.console.aws.amazon.com/cloudwatch/home?region={target.region}#dashboards:name=",
        dashboard.dashboard_name,
    )


def make_cluster_dashboard(scope: Scope, cluster_name: str) -> pulumi.Output[str]:
    """Create the training cluster's dashboard of GPUs, nodes and failures; returns its address."""

    def row(name: str) -> MetricRow:
        return ["ContainerInsights", name, "ClusterName", cluster_name]

    charts: list[MetricChart] = [
        ("GPU use, %", [row("node_gpu_utilization"), row("node_gpu_memory_utilization")], "Average"),
        ("GPUs", [row("node_gpu_limit"), row("node_gpu_usage_total")], "Maximum"),
        ("Nodes", [row("cluster_node_count"), row("cluster_failed_node_count")], "Maximum"),
        ("CPU and memory, %", [row("node_cpu_utilization"), row("node_memory_utilization")], "Average"),
    ]
    return make_dashboard(scope, "dashboard-cluster", "cluster", charts)


def _widget(index: int, title: str, region: str, metrics: Sequence[MetricRow], stat: str) -> dict[str, object]:
    return {
        "type": "metric",
        "x": _WIDTH * (index % 2),
        "y": _HEIGHT * (index // 2),
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": {
            "title": title,
            "region": region,
            "view": "timeSeries",
            "stat": stat,
            "period": 300,
            "metrics": [list(row) for row in metrics],
        },
    }
