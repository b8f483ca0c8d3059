"""Alarms on CloudWatch metrics, each built from a rule and sent to the routes of its severity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from mlplatform.backends.aws.naming import RULE, alarm_name
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import Severity

FIVE_MINUTES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmMetric:
    """One metric of an alarm, or a formula over several."""

    id: str
    """Its name in formulas."""

    name: str = ""
    """Metric name; empty for a formula."""

    namespace: str = ""
    """Metric namespace; empty for a formula."""

    dimensions: Mapping[str, pulumi.Input[str]]
    """Dimensions; empty for a formula."""

    stat: str = "Sum"
    """CloudWatch statistic of each period."""

    expression: str = ""
    """Formula; empty for a metric."""


def formula(id: str, expression: str) -> AlarmMetric:
    """A formula over the other metrics of an alarm."""
    return AlarmMetric(id=id, dimensions={}, expression=expression)


def count_lines(scope: Scope, program: str, metric: str, logs: cloudwatch.LogGroup, pattern: str) -> AlarmMetric:
    """Make a metric that counts lines of a log.

    Args:
        scope: whose child its filter becomes.
        program: that writes the log; part of the filter's name and of the metric's namespace.
        metric: name of the metric, and last part of the filter's names.
        logs: the log.
        pattern: which lines count, in the language of CloudWatch's filters.
    """
    namespace = f"{platform_name(scope.spec)}/{program}"
    cloudwatch.LogMetricFilter(
        scope.child(metric),
        name=physical_name(scope.spec, f"{program}-{metric}", RULE),
        log_group_name=logs.name,
        pattern=pattern,
        metric_transformation=cloudwatch.LogMetricFilterMetricTransformationArgs(
            name=metric, namespace=namespace, value="1"
        ),
        opts=scope.opts(delete_before_replace=True),
    )
    return AlarmMetric(id=metric, name=metric, namespace=namespace, dimensions={})


def make_alarm(
    scope: Scope,
    role: str,
    severity: Severity,
    *,
    describe: str,
    threshold: float,
    metrics: Sequence[AlarmMetric],
    period: int = FIVE_MINUTES,
    periods: int = 1,
    below: bool = False,
    missing: str = "notBreaching",
    extra_actions: Sequence[pulumi.Input[str]] = (),
) -> cloudwatch.MetricAlarm:
    """Create an alarm that compares the last metric or formula with the threshold.

    Args:
        scope: the owner of the alarm.
        role: a stable name within the scope.
        severity: selects the routes.
        describe: what happened and where to look, for the person who is alerted.
        threshold: the limit, in the metric's unit.
        metrics: one metric, or several with a formula last.
        period: seconds per evaluation.
        periods: consecutive evaluations that must breach.
        below: whether values under the threshold breach, not those over it.
        missing: how CloudWatch treats missing data.
        extra_actions: further actions besides alerts.
    """
    routes = scope.context.routes.parts
    shown = metrics[-1].id
    return cloudwatch.MetricAlarm(
        scope.child(f"alarm-{role}"),
        name=alarm_name(scope.spec, severity, alarm_role(scope, role)),
        alarm_description=describe,
        comparison_operator="LessThanThreshold" if below else "GreaterThanThreshold",
        threshold=float(threshold),
        evaluation_periods=periods,
        datapoints_to_alarm=periods,
        treat_missing_data=missing,
        alarm_actions=[*routes.targets[severity], *extra_actions],
        ok_actions=list(routes.targets[severity]),
        metric_queries=[metric_query(metric, period, metric.id == shown) for metric in metrics],
        tags=scope.tags,
        opts=scope.opts(depends_on=routes.ready),
    )


def alarm_role(scope: Scope, role: str) -> str:
    """The role of an alarm with its scope's, as it follows the platform's name in alarm names."""
    return f"{scope.name.removeprefix(f'{scope.context.prefix}-')}-{role}"


def metric_query(metric: AlarmMetric, period: int, shown: bool) -> cloudwatch.MetricAlarmMetricQueryArgs:
    """The metric or formula in the form that alarms take."""
    if metric.expression:
        return cloudwatch.MetricAlarmMetricQueryArgs(
            id=metric.id, expression=metric.expression, label=metric.id, return_data=shown
        )
    return cloudwatch.MetricAlarmMetricQueryArgs(
        id=metric.id,
        metric=cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=dict(metric.dimensions) or None,
            period=period,
            stat=metric.stat,
        ),
        return_data=shown,
    )
