"""Alert rules of an endpoint of Vertex AI."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.gcp.monitoring.alarms import AlertRule
from mlplatform.backends.gcp.serving.vertex.metrics import (
    duty_cycle,
    error_rate,
    latency_query,
    match_endpoint,
    replicas,
)
from mlplatform.backends.gcp.serving.vertex.names import endpoint_id
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def vertex_rules(scope: Scope, spec: EndpointSpec) -> Sequence[AlertRule]:
    """The standard rules of an endpoint; its workflow uses the thresholds of the first two."""
    alerts = scope.spec.monitoring.alerts
    whose = match_endpoint(endpoint_id(scope.spec, scope.target(GcpTarget), spec))
    return (
        AlertRule(
            "error-rate",
            f"{spec.name}: more than {alerts.error_rate_percent:g} % of requests fail",
            f"{error_rate(whose)} > {alerts.error_rate_percent:g}",
            "critical",
            advice="A rollout under way is taken back by itself. Otherwise look at the newest model's logs.",
        ),
        AlertRule(
            "latency-p99",
            f"{spec.name}: 99th percentile above {alerts.latency_p99_ms} ms",
            f"{latency_query(whose, 0.99)} > {alerts.latency_p99_ms}",
            "warning",
            advice="Look at replicas at their bound, and the model's own time.",
        ),
        AlertRule(
            "saturation",
            f"{spec.name}: GPU above {alerts.saturation_percent} %",
            f"{duty_cycle(whose)} > {alerts.saturation_percent}",
            "warning",
            minutes=15,
            advice="Lower autoscaling.target, or give a replica more.",
        ),
        AlertRule(
            "replicas-at-bound",
            f"{spec.name}: all {spec.replicas[1]} replicas are in use",
            f"{replicas(whose)} >= {spec.replicas[1]}",
            "warning",
            minutes=15,
            advice="Raise replicas, after the region's quota.",
        ),
    )
