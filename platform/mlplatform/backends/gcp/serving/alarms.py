"""Alert rules of an endpoint."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.gcp.monitoring.alarms import AlertRule
from mlplatform.backends.gcp.serving.metrics import error_rate, latency_query, match_services, utilization_query
from mlplatform.backends.gcp.serving.names import model_services, service_name
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def endpoint_rules(scope: Scope, spec: EndpointSpec) -> Sequence[AlertRule]:
    """The standard rules of an endpoint; the rollout workflow uses the thresholds of the first two."""
    alerts = scope.spec.monitoring.alerts
    front = match_services(service_name(scope.spec, spec.name))
    models = match_services(*model_services(scope.spec, spec))
    used = ["cpu", "memory", *(["gpu"] if spec.accelerator and not spec.awaits_model else [])]
    limit = alerts.saturation_percent
    instances = f"run_googleapis_com:container_instance_count{{{models}}}"
    most = f"max by (service_name) (sum by (service_name, revision_name) ({instances}))"
    return (
        AlertRule(
            "error-rate",
            f"{spec.name}: more than {alerts.error_rate_percent:g} % of requests fail",
            f"{error_rate(front)} > {alerts.error_rate_percent:g}",
            "critical",
            advice="A rollout under way is taken back by itself. Otherwise look at the newest revision's logs.",
        ),
        AlertRule(
            "latency-p99",
            f"{spec.name}: 99th percentile above {alerts.latency_p99_ms} ms",
            f"{latency_query(front, 0.99)} > {alerts.latency_p99_ms}",
            "warning",
            advice="Look at replicas at their bound, cold starts, and the model's own time.",
        ),
        AlertRule(
            "saturation",
            f"{spec.name}: CPU, memory or GPU above {limit} %",
            " or ".join(
                f'label_replace({utilization_query(kind, models)} > {limit}, "resource", "{kind}", "", "")'
                for kind in used
            ),
            "warning",
            minutes=15,
            advice="Lower autoscaling.target, or give a replica more.",
        ),
        AlertRule(
            "replicas-at-bound",
            f"{spec.name}: all {spec.replicas[1]} replicas are in use",
            f"{most} >= {spec.replicas[1]}",
            "warning",
            minutes=15,
            advice="Raise replicas, after the region's quota.",
        ),
    )
