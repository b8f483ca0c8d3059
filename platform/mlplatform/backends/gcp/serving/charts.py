"""Charts of an endpoint that Cloud Run or Vertex AI runs. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.monitoring.chart import Chart
from mlplatform.backends.gcp.serving import metrics
from mlplatform.backends.gcp.serving.names import model_services, service_name, service_names
from mlplatform.backends.gcp.serving.vertex import metrics as vertex
from mlplatform.backends.gcp.serving.vertex.names import endpoint_id, is_on_vertex
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

_QUANTILES = (0.5, 0.95, 0.99)


def managed_charts(platform: PlatformSpec, target: GcpTarget, spec: EndpointSpec) -> tuple[Chart, ...]:
    """Requests, errors, latency, replicas and use of one endpoint.

    Args:
        platform: the platform.
        target: where it is.
        spec: the endpoint, with what is released.
    """
    return _on_vertex(platform, target, spec) if is_on_vertex(spec) else _on_run(platform, spec)


def _on_run(platform: PlatformSpec, spec: EndpointSpec) -> tuple[Chart, ...]:
    """By service, the shadow's included."""
    front = metrics.match_services(service_name(platform, spec.name))
    every = metrics.match_services(*service_names(platform, spec))
    models = metrics.match_services(*model_services(platform, spec))
    count = "run_googleapis_com:request_count"
    instances = f"run_googleapis_com:container_instance_count{{{every}}}"
    charts = (
        Chart("Requests per second", (f"sum by (service_name, response_code_class) (rate({count}{{{every}}}[5m]))",)),
        Chart("Failed requests, %", (metrics.error_rate(front),)),
        Chart("Response time p50, p95, p99, ms", tuple(metrics.latency_query(front, q) for q in _QUANTILES)),
        Chart("Replicas by service and state", (f"sum by (service_name, state) ({instances})",)),
        Chart("CPU, %", (metrics.utilization_query("cpu", models),)),
        Chart("Memory, %", (metrics.utilization_query("memory", models),)),
        Chart(
            "Requests by revision",
            (f"sum by (service_name, revision_name) (rate({count}{{{every}}}[5m]))",),
        ),
    )
    return (*charts, Chart("GPU, %", (metrics.utilization_query("gpu", models),))) if spec.accelerator else charts


def _on_vertex(platform: PlatformSpec, target: GcpTarget, spec: EndpointSpec) -> tuple[Chart, ...]:
    """By deployed model."""
    whose = vertex.match_endpoint(endpoint_id(platform, target, spec))
    return (
        Chart("Requests per second by deployed model", vertex.requests_by_model(whose)),
        Chart("Failed requests, %", (vertex.error_rate(whose),)),
        Chart("Response time p50, p95, p99, ms", tuple(vertex.latency_query(whose, q) for q in _QUANTILES)),
        Chart("Replicas by deployed model", (vertex.replicas(whose),)),
        Chart("GPU, %", (vertex.duty_cycle(whose),)),
        Chart("CPU, %", (vertex.cpu_use(whose),)),
    )
