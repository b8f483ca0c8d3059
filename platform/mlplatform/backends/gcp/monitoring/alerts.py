"""Alert rules of an endpoint, and how a rule becomes an alert policy.

Rules are PromQL: it needs no metric to exist when the rule is made, and Google's own metrics answer to it.
https://docs.cloud.google.com/monitoring/promql/promql-mapping
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi_gcp import monitoring

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.monitoring.parts import GcpRoutes
from mlplatform.backends.gcp.naming import LONG, physical
from mlplatform.backends.gcp.serving.names import model_services, service_name
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.monitoring import Severity

FAILED = 'response_code=~"5..|429"'
"""Requests that count as failed: the service's faults, and those it had no instance for."""

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that raises an alert while it holds."""

    role: str
    """Part of the policy's names."""

    title: str
    """What a person reads first."""

    query: str
    """PromQL that answers with what breaks the rule."""

    severity: Severity
    """Decides who is told."""

    minutes: int = 0
    """How long it must hold."""

    advice: str = ""
    """What to do about it."""


def policy(scope: Scope, rule: Rule, prefix: str = "") -> monitoring.AlertPolicy:
    """Make the alert policy of a rule; it tells the routes of its severity."""
    routes = native(scope.context.routes.parts, GcpRoutes)
    foundation = native(scope.context.foundation.parts, GcpFoundation)
    name = "-".join(part for part in (prefix, rule.role) if part)
    return monitoring.AlertPolicy(
        scope.child(f"alert-{rule.role}"),
        project=scope.target(GcpTarget).project,
        display_name=physical(scope.spec, name, LONG),
        combiner="OR",
        severity=rule.severity.upper(),
        conditions=[
            monitoring.AlertPolicyConditionArgs(
                display_name=rule.title,
                condition_prometheus_query_language=monitoring.AlertPolicyConditionConditionPrometheusQueryLanguageArgs(
                    query=rule.query,
                    duration=f"{rule.minutes * 60}s",
                    evaluation_interval="60s",
                    # the metric appears with the first request or node
                    disable_metric_validation=True,
                ),
            )
        ],
        alert_strategy=monitoring.AlertPolicyAlertStrategyArgs(auto_close=f"{_HOUR}s"),
        documentation=monitoring.AlertPolicyDocumentationArgs(
            content=rule.advice or rule.title, mime_type="text/markdown", subject=f"{scope.spec.name}: {rule.title}"
        ),
        notification_channels=list(routes.targets[rule.severity]),
        user_labels=scope.tags,
        opts=scope.opts(depends_on=[*routes.ready, *foundation.after("monitoring")]),
    )


def of_service(*services: str) -> str:
    """Label matchers of Cloud Run's metrics for services."""
    return f'monitored_resource="cloud_run_revision",service_name=~"{"|".join(services)}"'


def error_rate(matchers: str) -> str:
    """Per cent of requests that failed over five minutes."""
    count = "run_googleapis_com:request_count"
    failed, every = f"increase({count}{{{matchers},{FAILED}}}[5m])", f"increase({count}{{{matchers}}}[5m])"
    return f"100 * sum({failed}) / sum({every})"


def latency(matchers: str, quantile: float) -> str:
    """A percentile of the response time over five minutes, milliseconds."""
    buckets = f"increase(run_googleapis_com:request_latencies_bucket{{{matchers}}}[5m])"
    return f"histogram_quantile({quantile:g}, sum by (le) ({buckets}))"


def utilization(resource: str, matchers: str) -> str:
    """The busiest instances' use of CPU, memory or GPU over five minutes, per cent."""
    buckets = f"increase(run_googleapis_com:container_{resource}_utilizations_bucket{{{matchers}}}[5m])"
    return f"100 * histogram_quantile(0.95, sum by (le, service_name) ({buckets}))"


def endpoint_rules(scope: Scope, spec: EndpointSpec) -> Sequence[Rule]:
    """The standard rules of an endpoint; the first two are also what takes a rollout back."""
    alerts = scope.spec.monitoring.alerts
    front = of_service(service_name(scope.spec, spec.name))
    models = of_service(*model_services(scope.spec, spec))
    used = ["cpu", "memory", *(["gpu"] if spec.accelerator and not spec.awaits_model else [])]
    limit = alerts.saturation_percent
    instances = f"run_googleapis_com:container_instance_count{{{models}}}"
    most = f"max by (service_name) (sum by (service_name, revision_name) ({instances}))"
    return (
        Rule(
            "error-rate",
            f"{spec.name}: more than {alerts.error_rate_percent:g} % of requests fail",
            f"{error_rate(front)} > {alerts.error_rate_percent:g}",
            "critical",
            advice="A rollout under way is taken back by itself. Otherwise look at the newest revision's logs.",
        ),
        Rule(
            "latency-p99",
            f"{spec.name}: 99th percentile above {alerts.latency_p99_ms} ms",
            f"{latency(front, 0.99)} > {alerts.latency_p99_ms}",
            "warning",
            advice="Look at replicas at their bound, cold starts, and the model's own time.",
        ),
        Rule(
            "saturation",
            f"{spec.name}: CPU, memory or GPU above {limit} %",
            " or ".join(
                f'label_replace({utilization(kind, models)} > {limit}, "resource", "{kind}", "", "")' for kind in used
            ),
            "warning",
            minutes=15,
            advice="Lower autoscaling.target, or give a replica more.",
        ),
        Rule(
            "replicas-at-bound",
            f"{spec.name}: all {spec.replicas[1]} replicas are in use",
            f"{most} >= {spec.replicas[1]}",
            "warning",
            minutes=15,
            advice="Raise replicas, after the region's quota.",
        ),
    )
