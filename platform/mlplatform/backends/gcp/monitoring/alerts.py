"""Alert rules, and how a rule becomes an alert policy.

Rules are PromQL: it needs no metric to exist when the rule is made, and Google's own metrics answer to it.
https://docs.cloud.google.com/monitoring/promql/promql-mapping
"""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_gcp import monitoring

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.monitoring.parts import GcpRoutes
from mlplatform.backends.gcp.naming import LONG
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.names import physical_name
from mlplatform.spec.monitoring import Severity

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class AlertRule:
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


def build_alert_policy(scope: Scope, rule: AlertRule, prefix: str = "") -> monitoring.AlertPolicy:
    """Make the alert policy of a rule; it tells the routes of its severity."""
    routes = native(scope.context.routes.parts, GcpRoutes)
    foundation = native(scope.context.foundation.parts, GcpFoundation)
    name = "-".join(part for part in (prefix, rule.role) if part)
    return monitoring.AlertPolicy(
        scope.child(f"alert-{rule.role}"),
        project=scope.target(GcpTarget).project,
        display_name=physical_name(scope.spec, name, LONG),
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
