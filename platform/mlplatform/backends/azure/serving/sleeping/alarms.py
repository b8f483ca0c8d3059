"""Alarms of an endpoint that scales to zero; Container Apps measures only counts and means."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import monitor

from mlplatform.backends.azure.monitoring import alarms
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec

APP_METRICS = "Microsoft.App/containerApps"
"""Namespace of an app's metrics,
https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-app-containerapps-metrics"""
FAILURES = 5
"""Failed requests in five minutes that raise the alarm."""


def watch_app(scope: Scope, spec: EndpointSpec, app_id: pulumi.Output[str]) -> None:
    """Make the alarms on failed and on slow requests, and on use."""
    limits = scope.spec.monitoring.alerts
    alarms.metric_alarm(
        scope,
        "errors",
        severity="critical",
        description=f"More than {FAILURES} of {spec.name}'s requests failed in five minutes",
        on=app_id,
        namespace=APP_METRICS,
        name="Requests",
        above=FAILURES,
        aggregation=monitor.AggregationTypeEnum.TOTAL,
        dimensions={"statusCodeCategory": ("5xx",)},
    )
    alarms.metric_alarm(
        scope,
        "latency",
        severity="critical",
        description=f"{spec.name}'s mean response time is above {limits.latency_p99_ms} ms",
        on=app_id,
        namespace=APP_METRICS,
        name="ResponseTime",
        above=limits.latency_p99_ms,
    )
    gpu = {"gpu": "GpuUtilizationPercentage"} if spec.accelerator else {}
    for what, name in {"cpu": "CpuPercentage", "memory": "MemoryPercentage", **gpu}.items():
        alarms.metric_alarm(
            scope,
            what,
            severity="warning",
            description=f"{what} of {spec.name} is above {limits.saturation_percent} %",
            on=app_id,
            namespace=APP_METRICS,
            name=name,
            above=limits.saturation_percent,
            window="PT15M",
            every="PT5M",
        )
    scope.note(
        f"endpoints[{spec.name}].replicas",
        f"Container Apps measures failed requests and the mean response time only: alerts watch {FAILURES} failures in "
        "five minutes, and the mean",
    )
