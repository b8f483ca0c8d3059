"""Dashboard of an endpoint of Vertex AI."""

from __future__ import annotations

from pulumi_gcp import monitoring

from mlplatform.backends.gcp.monitoring.dashboards import Chart, build_dashboard
from mlplatform.backends.gcp.serving.vertex.metrics import (
    cpu_use,
    duty_cycle,
    error_rate,
    latency_query,
    match_endpoint,
    replicas,
    requests_by_model,
)
from mlplatform.backends.gcp.serving.vertex.names import endpoint_id
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def build_vertex_dashboard(scope: Scope, spec: EndpointSpec) -> monitoring.Dashboard:
    """Requests, errors, latency, replicas and use of one endpoint, by deployed model."""
    whose = match_endpoint(endpoint_id(scope.spec, scope.target(GcpTarget), spec))
    charts = [
        Chart("Requests per second by deployed model", requests_by_model(whose)),
        Chart("Failed requests, %", (error_rate(whose),)),
        Chart("Response time p50, p95, p99, ms", tuple(latency_query(whose, q) for q in (0.5, 0.95, 0.99))),
        Chart("Replicas by deployed model", (replicas(whose),)),
        Chart("GPU, %", (duty_cycle(whose),)),
        Chart("CPU, %", (cpu_use(whose),)),
    ]
    return build_dashboard(scope, "dashboard", f"endpoint-{spec.name}", charts)
