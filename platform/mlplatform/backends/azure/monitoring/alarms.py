"""Alarms of the platform: on a metric, or on a log query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import monitor

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.base import native
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import Severity

SEVERITY_LEVELS: Mapping[Severity, int] = {"critical": 1, "warning": 2}
"""Azure's severity by the platform's; 0 is left for people."""


def metric_alarm(
    scope: Scope,
    role: str,
    *,
    severity: Severity,
    description: str,
    on: pulumi.Input[str],
    namespace: str,
    name: str,
    above: float | None = None,
    below: float | None = None,
    aggregation: monitor.AggregationTypeEnum = monitor.AggregationTypeEnum.AVERAGE,
    dimensions: Mapping[str, Sequence[str]] | None = None,
    window: str = "PT5M",
    every: str = "PT1M",
    depends_on: Sequence[pulumi.Resource] = (),
) -> monitor.MetricAlert:
    """Make an alert on one resource's platform metric.

    Args:
        scope: owner of the alarm.
        role: distinguishes it in the scope.
        severity: decides the recipients.
        description: meaning of the alarm.
        on: resource id.
        namespace: the metric's namespace, the resource's type.
        name: the metric.
        above: alert above this value. Omitted: `below` decides.
        below: alert below this value. Omitted: `above` decides.
        aggregation: how values in the window are combined.
        dimensions: included values by dimension. Omitted: all.
        window: period that is evaluated, ISO 8601.
        every: time between evaluations, ISO 8601.
        depends_on: prerequisites.
    """
    return monitor.MetricAlert(
        scope.child(f"alert-{role}"),
        rule_name=alarm_name(scope, role),
        resource_group_name=resource_group(scope).group_name,
        location="global",
        description=description,
        enabled=True,
        severity=SEVERITY_LEVELS[severity],
        auto_mitigate=True,
        scopes=[on],
        window_size=window,
        evaluation_frequency=every,
        criteria=monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
            odata_type="Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
            all_of=[
                monitor.MetricCriteriaArgs(
                    criterion_type="StaticThresholdCriterion",
                    name=name,
                    metric_name=name,
                    metric_namespace=namespace,
                    operator=monitor.Operator.GREATER_THAN if below is None else monitor.Operator.LESS_THAN,
                    threshold=float(above or 0.0) if below is None else float(below),
                    time_aggregation=aggregation,
                    dimensions=[
                        monitor.MetricDimensionArgs(name=key, operator="Include", values=list(values))
                        for key, values in (dimensions or {}).items()
                    ],
                    # the metric appears with the first request
                    skip_metric_validation=True,
                )
            ],
        ),
        actions=[monitor.MetricAlertActionArgs(action_group_id=target) for target in action_groups(scope, severity)],
        tags=scope.tags,
        opts=scope.opts(depends_on=depends_on),
    )


def log_alarm(
    scope: Scope,
    role: str,
    *,
    severity: Severity,
    description: str,
    kql: str,
    column: str,
    above: float,
    window: str = "PT5M",
    every: str = "PT5M",
    on: pulumi.Input[str] | None = None,
    identity: monitor.MicrosoftCommonIdentityArgs | None = None,
    split: Sequence[str] = (),
    depends_on: Sequence[pulumi.Resource] = (),
) -> monitor.ScheduledQueryRule:
    """Make an alert on a number that a log query returns.

    Args:
        scope: owner of the alarm.
        role: distinguishes it in the scope.
        severity: decides the recipients.
        description: meaning of the alarm.
        kql: the query.
        column: the column with the number.
        above: alert above this value.
        window: period that is evaluated, ISO 8601.
        every: time between evaluations, ISO 8601.
        on: id of the queried resource. Omitted: the log workspace.
        identity: identity that runs the query. Omitted: the rule's own.
        split: columns that distinguish alerts of one rule.
        depends_on: prerequisites.
    """
    workspace = native(scope.context.telemetry.parts, AzureTelemetry).workspace_id
    return monitor.ScheduledQueryRule(
        scope.child(f"alert-{role}"),
        rule_name=alarm_name(scope, role),
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        kind=monitor.Kind.LOG_ALERT,
        display_name=alarm_name(scope, role),
        description=description,
        enabled=True,
        severity=SEVERITY_LEVELS[severity],
        auto_mitigate=True,
        # a log's table appears with its first record
        skip_query_validation=True,
        scopes=[workspace if on is None else on],
        window_size=window,
        evaluation_frequency=every,
        identity=identity,
        criteria=monitor.ScheduledQueryRuleCriteriaArgs(
            all_of=[
                monitor.ConditionArgs(
                    query=kql,
                    metric_measure_column=column,
                    time_aggregation=monitor.TimeAggregation.MAXIMUM,
                    # the SDK lists another service's operators under this name
                    operator="GreaterThan",
                    threshold=float(above),
                    dimensions=[
                        monitor.DimensionArgs(name=name, operator=monitor.DimensionOperator.INCLUDE, values=["*"])
                        for name in split
                    ],
                    failing_periods=monitor.ConditionFailingPeriodsArgs(
                        number_of_evaluation_periods=1, min_failing_periods_to_alert=1
                    ),
                )
            ]
        ),
        actions=monitor.ActionsArgs(action_groups=action_groups(scope, severity)),
        tags=scope.tags,
        opts=scope.opts(depends_on=depends_on),
    )


def action_groups(scope: Scope, severity: Severity) -> list[pulumi.Output[str]]:
    """Action groups of a severity; none where it has no route."""
    return list(scope.context.routes.parts.targets[severity])


def alarm_name(scope: Scope, role: str) -> str:
    """Physical name of an alert rule."""
    return physical_name(scope.spec, "alert", f"{scope.name.removeprefix(f'{scope.context.prefix}-')}-{role}")
