"""Alert rules, and how a rule becomes an alert policy.

Rules are PromQL, which also reads Google's own metrics; a metric need not exist yet when its rule is created.
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
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import Severity

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class AlertRule:
    """A condition that raises an alert while it holds."""

    role: str
    """Part of the policy's names."""

    title: str
    """Heading of the alert."""

    query: str
    """PromQL; each series in its answer raises the alert."""

    severity: Severity
    """Selects the routes that are notified."""

    minutes: int = 0
    """Minutes that the condition must hold."""

    advice: str = ""
    """Advice to the person who is notified."""


def build_alert_policy(scope: Scope, rule: AlertRule, prefix: str = "") -> monitoring.AlertPolicy:
    """Build the alert policy of a rule; it notifies the routes of its severity."""
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


def alert_on_log(
    scope: Scope, role: str, severity: Severity, title: str, matched: str, *, advice: str, prefix: str
) -> monitoring.AlertPolicy:
    """Build an alert on each entry of the log that a filter matches, at most one in five minutes.

    Args:
        scope: owner of the alert.
        role: distinguishes it in the scope.
        severity: selects the routes that are notified.
        title: what happened.
        matched: filter of the entries.
        advice: to the person who is notified.
        prefix: what the alert's name begins with, after the platform's.
    """
    routes = native(scope.context.routes.parts, GcpRoutes)
    foundation = native(scope.context.foundation.parts, GcpFoundation)
    return monitoring.AlertPolicy(
        scope.child(f"alert-{role}"),
        project=scope.target(GcpTarget).project,
        display_name=physical_name(scope.spec, f"{prefix}-{role}", LONG),
        combiner="OR",
        severity=severity.upper(),
        conditions=[
            monitoring.AlertPolicyConditionArgs(
                display_name=title,
                condition_matched_log=monitoring.AlertPolicyConditionConditionMatchedLogArgs(filter=matched),
            )
        ],
        alert_strategy=monitoring.AlertPolicyAlertStrategyArgs(
            auto_close="1800s",
            notification_rate_limit=monitoring.AlertPolicyAlertStrategyNotificationRateLimitArgs(period="300s"),
        ),
        documentation=monitoring.AlertPolicyDocumentationArgs(content=advice, mime_type="text/markdown"),
        notification_channels=list(routes.targets[severity]),
        user_labels=scope.tags,
        opts=scope.opts(depends_on=[*routes.ready, *foundation.after("monitoring")]),
    )
