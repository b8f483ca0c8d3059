"""Dashboard of an endpoint, on Cloud Run or Vertex AI."""

from __future__ import annotations

from pulumi_gcp import monitoring

from mlplatform.backends.gcp.monitoring.dashboards import build_dashboard
from mlplatform.backends.gcp.serving.charts import managed_charts
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def build_endpoint_dashboard(scope: Scope, spec: EndpointSpec) -> monitoring.Dashboard:
    """Requests, errors, latency, replicas and use of one endpoint, its shadow included."""
    charts = managed_charts(scope.spec, scope.target(GcpTarget), spec)
    return build_dashboard(scope, "dashboard", f"endpoint-{spec.name}", charts)
