"""CloudWatch dashboards."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pulumi
from pulumi_aws import cloudwatch

from mlplatform.backends.aws.naming import LONG, physical
from mlplatform.backends.aws.serving.metrics import Watch
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.context import Scope
from mlplatform.spec.endpoints import EndpointSpec

Row = Sequence[object]
_WIDTH, _HEIGHT = 12, 6


def _widget(index: int, title: str, region: str, metrics: Sequence[Row], stat: str) -> dict[str, object]:
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


def _dashboard(
    scope: Scope, role: str, name: str, charts: Sequence[tuple[str, Sequence[Row], str]]
) -> pulumi.Output[str]:
    target = scope.target(AwsTarget)
    widgets = [
        _widget(index, title, target.region, metrics, stat) for index, (title, metrics, stat) in enumerate(charts)
    ]
    physical_name = physical(scope.spec, name, LONG)
    made = cloudwatch.Dashboard(
        scope.child(role),
        dashboard_name=physical_name,
        dashboard_body=json.dumps({"widgets": widgets}, sort_keys=True),
        opts=scope.opts(delete_before_replace=True),
    )
    return pulumi.Output.concat(
        f"https://{target.region}.console.aws.amazon.com/cloudwatch/home?region={target.region}#dashboards:name=",
        made.dashboard_name,
    )


def endpoint_dashboard(scope: Scope, spec: EndpointSpec, watched: Sequence[Watch]) -> pulumi.Output[str]:
    """Traffic, failures, response times and use of one endpoint, by variant; returns its address."""

    def rows(*names: str, stat: str | None = None) -> list[Row]:
        options: list[object] = [{"stat": stat}] if stat else []
        return [[*watch.row("AWS/SageMaker", name), *options] for name in names for watch in watched]

    def use(*names: str) -> list[Row]:
        return [watch.row(watch.use_namespace, watch.use(name)) for name in names for watch in watched]

    charts: list[tuple[str, Sequence[Row], str]] = [
        ("Requests", rows("Invocations"), "Sum"),
        ("Failures", rows("Invocation5XXErrors", "Invocation4XXErrors"), "Sum"),
        (
            "Response time, µs",
            [row for stat in ("p50", "p95", "p99") for row in rows("ModelLatency", stat=stat)],
            "p99",
        ),
        ("CPU and memory, %", use("CPUUtilization", "MemoryUtilization"), "Average"),
    ]
    if spec.accelerator:
        charts.append(("GPU, %", use("GPUUtilization", "GPUMemoryUtilization"), "Average"))
    return _dashboard(scope, "dashboard", f"endpoint-{spec.name}", charts)


def cluster_dashboard(scope: Scope, cluster_name: str) -> pulumi.Output[str]:
    """GPUs, nodes and failures of the training cluster; returns its address."""

    def row(name: str) -> Row:
        return ["ContainerInsights", name, "ClusterName", cluster_name]

    charts: list[tuple[str, Sequence[Row], str]] = [
        ("GPU use, %", [row("node_gpu_utilization"), row("node_gpu_memory_utilization")], "Average"),
        ("GPUs", [row("node_gpu_limit"), row("node_gpu_usage_total")], "Maximum"),
        ("Nodes", [row("cluster_node_count"), row("cluster_failed_node_count")], "Maximum"),
        ("CPU and memory, %", [row("node_cpu_utilization"), row("node_memory_utilization")], "Average"),
    ]
    return _dashboard(scope, "dashboard-cluster", "cluster", charts)
