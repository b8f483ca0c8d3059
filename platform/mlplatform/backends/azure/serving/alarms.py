"""Alarms of a managed endpoint: errors, latency, saturation; the first two roll a release back."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import monitor

from mlplatform.backends.azure.monitoring import alarms
from mlplatform.backends.azure.serving.variants import ReleasedVariant
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec

ENDPOINT_METRICS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
"""Namespace of an endpoint's metrics,
https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-machinelearningservices-workspaces-onlineendpoints-metrics"""

FAILED_REQUEST = (
    "(toint(ResponseCode) >= 500 or toint(ResponseCode) == 408 or (toint(ResponseCode) == 424"
    " and not(coalesce(toint(ModelStatusCode), 500) between (400 .. 499))))"
)
"""Condition in the log for a request that failed by the platform's fault: the caller sees a model's answer other than
200 as 424 and a timeout as 408, https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints"""

LATE_MINUTES = 5
"""Largest delay from a request to its record in the log workspace,
https://learn.microsoft.com/azure/azure-monitor/logs/data-ingestion-time"""


@record(kw_only=True)
class RollbackAlarms:
    """Alarms that roll a release back."""

    rules: tuple[pulumi.Resource, ...]
    """The alert rules."""

    names: tuple[str, ...]
    """Their physical names."""


def live_requests(endpoint: str, spec: EndpointSpec) -> str:
    """The log query for an endpoint's live requests, without its shadow's."""
    shadow = f"\n| where DeploymentName !startswith '{spec.shadow.name}-'" if spec.shadow else ""
    return f"AmlOnlineEndpointTrafficLog\n| where EndpointName =~ '{endpoint}'{shadow}"


def watch_requests(
    scope: Scope,
    spec: EndpointSpec,
    endpoint: str,
    endpoint_id: pulumi.Output[str],
    depends_on: Sequence[pulumi.Resource],
) -> RollbackAlarms:
    """Make the alarms on failed and on slow requests."""
    limits = scope.spec.monitoring.alerts
    errors = alarms.log_alarm(
        scope,
        "errors",
        severity="critical",
        description=f"More than {limits.error_rate_percent} % of {spec.name}'s requests failed in ten minutes",
        # metrics only count status codes; the share needs the log
        kql=f"{live_requests(endpoint, spec)}\n"
        f"| summarize Total = count(), Failed = countif({FAILED_REQUEST})\n"
        "| where Total > 0\n"
        "| project Percent = 100.0 * Failed / Total",
        column="Percent",
        above=limits.error_rate_percent,
        # five minutes of requests, plus the delay of their records
        window=f"PT{5 + LATE_MINUTES}M",
        depends_on=depends_on,
    )
    latency = alarms.metric_alarm(
        scope,
        "latency",
        severity="critical",
        description=f"The 99th percentile of {spec.name}'s response time is above {limits.latency_p99_ms} ms",
        on=endpoint_id,
        namespace=ENDPOINT_METRICS,
        name="RequestLatency_P99",
        above=limits.latency_p99_ms,
        depends_on=depends_on,
    )
    return RollbackAlarms(
        rules=(errors, latency), names=(alarms.alarm_name(scope, "errors"), alarms.alarm_name(scope, "latency"))
    )


def watch_saturation(scope: Scope, spec: EndpointSpec, release: ReleasedVariant) -> None:
    """Make the alarms on the use of a release's CPU, memory and GPUs."""
    limit = scope.spec.monitoring.alerts.saturation_percent
    metrics = {"cpu": "CpuUtilizationPercentage", "memory": "CpuMemoryUtilizationPercentage"}
    if spec.accelerator:
        metrics |= {"gpu": "GpuUtilizationPercentage", "gpu-memory": "GpuMemoryUtilizationPercentage"}
    for what, name in metrics.items():
        alarms.metric_alarm(
            scope,
            f"{what}-{release.variant}",
            severity="warning",
            description=f"{what} of {spec.name}'s {release.variant} is above {limit} %",
            on=release.id,
            namespace=f"{ENDPOINT_METRICS}/deployments",
            name=name,
            above=limit,
            aggregation=monitor.AggregationTypeEnum.AVERAGE,
            window="PT15M",
            every="PT5M",
        )
