"""Dashboard of a managed endpoint."""

from __future__ import annotations

import pulumi

from mlplatform.backends.azure.monitoring import dashboards
from mlplatform.backends.azure.serving.alarms import ENDPOINT_METRICS, FAILED_REQUEST, live_requests
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.base import native
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec

_LATENCIES = ("RequestLatency_P50", "RequestLatency_P95", "RequestLatency_P99")


def endpoint_dashboard(
    scope: Scope, spec: EndpointSpec, name: str, endpoint_id: pulumi.Output[str]
) -> pulumi.Output[str]:
    """A workbook of requests, response times, failures and shares; returns its address in the portal."""
    workspace = native(scope.context.telemetry.parts, AzureTelemetry).workspace_id
    bins = "by bin(TimeGenerated, 5m), DeploymentName"
    return dashboards.make_workbook(
        scope,
        spec.name,
        [
            dashboards.metrics_chart(
                "Requests",
                endpoint_id,
                ENDPOINT_METRICS,
                ["RequestsPerMinute", "ConnectionsActive"],
                category="Traffic",
            ),
            dashboards.metrics_chart(
                "Response time",
                endpoint_id,
                ENDPOINT_METRICS,
                _LATENCIES,
                category="Traffic",
            ),
            dashboards.log_chart(
                "Failed requests, per cent",
                workspace,
                f"{live_requests(name, spec)}\n"
                f"| summarize Percent = 100.0 * countif({FAILED_REQUEST}) / count() {bins}",
            ),
            dashboards.log_chart(
                "Share of traffic", workspace, f"{live_requests(name, spec)}\n| summarize count() {bins}"
            ),
        ],
    )
