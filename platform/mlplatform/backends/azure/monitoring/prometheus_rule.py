"""A rule over managed Prometheus, whose alert goes to the routes."""

from __future__ import annotations

from pulumi_azure_native import alertsmanagement

from mlplatform.backends.azure.monitoring import alarms
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import Severity


def prometheus_rule(
    scope: Scope, alert: str, severity: Severity, expression: str, minutes: int, summary: str, **labels: str
) -> alertsmanagement.PrometheusRuleArgs:
    """A rule of a group.

    Args:
        scope: owner of the group.
        alert: name of the alert.
        severity: decides the recipients.
        expression: PromQL; each series in its answer raises the alert.
        minutes: how long it must hold.
        summary: what people read.
        labels: further labels of the alert.
    """
    return alertsmanagement.PrometheusRuleArgs(
        alert=alert,
        expression=expression,
        for_=f"PT{minutes}M",
        severity=alarms.SEVERITY_LEVELS[severity],
        enabled=True,
        annotations={"summary": summary},
        labels={"capability": scope.capability, "severity": severity, **labels},
        resolve_configuration=alertsmanagement.PrometheusRuleResolveConfigurationArgs(
            auto_resolved=True, time_to_resolve="PT10M"
        ),
        actions=[
            alertsmanagement.PrometheusRuleGroupActionArgs(action_group_id=target)
            for target in alarms.action_groups(scope, severity)
        ],
    )
