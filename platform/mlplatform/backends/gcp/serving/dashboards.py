"""Dashboard of an endpoint."""

from __future__ import annotations

from pulumi_gcp import monitoring

from mlplatform.backends.gcp.monitoring.dashboards import Chart, build_dashboard
from mlplatform.backends.gcp.serving.metrics import error_rate, latency_query, match_services, utilization_query
from mlplatform.backends.gcp.serving.names import model_services, service_name, service_names
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def build_endpoint_dashboard(scope: Scope, spec: EndpointSpec) -> monitoring.Dashboard:
    """Requests, errors, latency, replicas and use of one endpoint, its shadow included."""
    front = match_services(service_name(scope.spec, spec.name))
    every = match_services(*service_names(scope.spec, spec))
    models = match_services(*model_services(scope.spec, spec))
    count = "run_googleapis_com:request_count"
    instances = f"run_googleapis_com:container_instance_count{{{every}}}"
    charts = [
        Chart("Requests per second", (f"sum by (service_name, response_code_class) (rate({count}{{{every}}}[5m]))",)),
        Chart("Failed requests, %", (error_rate(front),)),
        Chart("Response time p50, p95, p99, ms", tuple(latency_query(front, q) for q in (0.5, 0.95, 0.99))),
        Chart("Replicas by service and state", (f"sum by (service_name, state) ({instances})",)),
        Chart("CPU, %", (utilization_query("cpu", models),)),
        Chart("Memory, %", (utilization_query("memory", models),)),
        Chart(
            "Requests by revision",
            (f"sum by (service_name, revision_name) (rate({count}{{{every}}}[5m]))",),
        ),
    ]
    if spec.accelerator:
        charts.append(Chart("GPU, %", (utilization_query("gpu", models),)))
    return build_dashboard(scope, "dashboard", f"endpoint-{spec.name}", charts)
