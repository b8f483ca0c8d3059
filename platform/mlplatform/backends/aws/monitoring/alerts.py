"""Alarms on CloudWatch metrics, sent to the routes of their severity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from mlplatform.backends.aws.naming import alarm_name
from mlplatform.backends.aws.serving.metrics import Watch
from mlplatform.components.context import Scope
from mlplatform.spec.monitoring import Severity

FIVE_MINUTES = 300
SAGEMAKER = "AWS/SageMaker"
MICROSECONDS = 1000
"""SageMaker's latencies are in microseconds, https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric, or a formula over several."""

    id: str
    """Name in the formula."""

    name: str = ""
    """Metric name; empty for a formula."""

    namespace: str = SAGEMAKER
    """Metric namespace."""

    dimensions: Mapping[str, pulumi.Input[str]]
    """Dimensions; empty for a formula."""

    stat: str = "Sum"
    """Statistic."""

    expression: str = ""
    """Formula; empty for a metric."""


def formula(id: str, expression: str) -> Metric:
    """A formula over the other metrics of an alarm."""
    return Metric(id=id, dimensions={}, expression=expression)


def alarm(
    scope: Scope,
    role: str,
    severity: Severity,
    *,
    describe: str,
    threshold: float,
    metrics: Sequence[Metric],
    period: int = FIVE_MINUTES,
    periods: int = 1,
    below: bool = False,
    missing: str = "notBreaching",
    extra_actions: Sequence[pulumi.Input[str]] = (),
) -> cloudwatch.MetricAlarm:
    """An alarm whose last metric or formula is compared with the threshold.

    Args:
        scope: whose alarm it is.
        role: stable name within the scope.
        severity: decides the routes.
        describe: what happened and where to look, for whoever is woken.
        threshold: in the metric's unit.
        metrics: metrics, and a formula last where there are several.
        period: seconds of one evaluation.
        periods: evaluations in a row that must breach.
        below: alarm under the threshold instead of over it.
        missing: what no data means.
        extra_actions: what else happens, besides telling people.
    """
    routes = scope.context.routes.parts
    shown = metrics[-1].id
    return cloudwatch.MetricAlarm(
        scope.child(f"alarm-{role}"),
        name=alarm_name(scope.spec, severity, local(scope, role)),
        alarm_description=describe,
        comparison_operator="LessThanThreshold" if below else "GreaterThanThreshold",
        threshold=float(threshold),
        evaluation_periods=periods,
        datapoints_to_alarm=periods,
        treat_missing_data=missing,
        alarm_actions=[*routes.targets[severity], *extra_actions],
        ok_actions=list(routes.targets[severity]),
        metric_queries=[query(metric, period, metric.id == shown) for metric in metrics],
        tags=scope.tags,
        opts=scope.opts(depends_on=routes.ready),
    )


def endpoint_alarms(scope: Scope, watched: Sequence[Watch]) -> list[cloudwatch.MetricAlarm]:
    """The alarms that take a rollout back: failures and the 99th percentile of each variant."""
    rules = scope.spec.monitoring.alerts
    found: list[cloudwatch.MetricAlarm] = []
    for watch in watched:
        found.append(
            alarm(
                scope,
                f"errors-{watch.label}",
                "critical",
                describe=f"{watch.title}: more than {rules.error_rate_percent:g} % of requests fail",
                threshold=rules.error_rate_percent,
                metrics=[
                    Metric(id="failed", name="Invocation5XXErrors", dimensions=watch.dimensions),
                    Metric(id="all", name="Invocations", dimensions=watch.dimensions),
                    formula("rate", "IF(FILL(all, 0) > 0, 100 * FILL(failed, 0) / all, 0)"),
                ],
            )
        )
        found.append(
            alarm(
                scope,
                f"latency-{watch.label}",
                "critical",
                describe=f"{watch.title}: one request in a hundred takes over {rules.latency_p99_ms} ms",
                threshold=rules.latency_p99_ms * MICROSECONDS,
                metrics=[Metric(id="p99", name="ModelLatency", dimensions=watch.dimensions, stat="p99")],
            )
        )
    return found


def saturation_alarms(scope: Scope, watched: Sequence[Watch], gpus: int, vcpus: float, *, fills_memory: bool) -> None:
    """Warnings when replicas run full. `fills_memory`: the server takes all GPU memory at once, by design."""
    limit = scope.spec.monitoring.alerts.saturation_percent
    kinds = [("CPUUtilization", vcpus), ("MemoryUtilization", 1.0)]
    kinds += [("GPUUtilization", float(gpus))] if gpus else []
    kinds += [("GPUMemoryUtilization", float(gpus))] if gpus and not fills_memory else []
    for watch in watched:
        for metric, units in kinds:
            used = Metric(
                id="used",
                name=watch.use(metric),
                namespace=watch.use_namespace,
                dimensions=watch.dimensions,
                stat="Average",
            )
            alarm(
                scope,
                f"{metric.removesuffix('Utilization').lower()}-{watch.label}",
                "warning",
                describe=f"{watch.title}: {metric} over {limit} % for fifteen minutes",
                threshold=limit * watch.full(units),
                metrics=[used],
                periods=3,
            )


def local(scope: Scope, role: str) -> str:
    """A role within a scope, as alarms' names put it after the platform's own."""
    return f"{scope.name.removeprefix(f'{scope.spec.name}-')}-{role}"


def query(metric: Metric, period: int, shown: bool) -> cloudwatch.MetricAlarmMetricQueryArgs:
    """The metric or formula as an alarm takes it."""
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
