"""The dashboard of an endpoint."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from mlplatform.backends.aws.monitoring.dashboards import MetricChart, MetricRow, make_dashboard
from mlplatform.backends.aws.serving.metrics import SAGEMAKER, MetricSource
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def make_endpoint_dashboard(scope: Scope, spec: EndpointSpec, sources: Sequence[MetricSource]) -> pulumi.Output[str]:
    """Create the dashboard of traffic, failures, response times and usage by variant; returns its address."""

    def rows(*names: str, stat: str | None = None) -> list[MetricRow]:
        options: list[object] = [{"stat": stat}] if stat else []
        return [[*source.dashboard_row(SAGEMAKER, name), *options] for name in names for source in sources]

    def usage(*names: str) -> list[MetricRow]:
        return [
            source.dashboard_row(source.usage_namespace, source.usage_metric(name))
            for name in names
            for source in sources
        ]

    charts: list[MetricChart] = [
        ("Requests", rows("Invocations"), "Sum"),
        ("Failures", rows("Invocation5XXErrors", "Invocation4XXErrors"), "Sum"),
        (
            "Response time, µs",
            [row for stat in ("p50", "p95", "p99") for row in rows("ModelLatency", stat=stat)],
            "p99",
        ),
        ("CPU and memory, %", usage("CPUUtilization", "MemoryUtilization"), "Average"),
    ]
    if spec.accelerator:
        charts.append(("GPU, %", usage("GPUUtilization", "GPUMemoryUtilization"), "Average"))
    return make_dashboard(scope, "dashboard", f"endpoint-{spec.name}", charts)
