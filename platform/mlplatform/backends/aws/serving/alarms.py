"""Alarms of an endpoint: those that roll back a deployment, and warnings of saturation."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_aws import cloudwatch

from mlplatform.backends.aws.monitoring.alarms import AlarmMetric, formula, make_alarm
from mlplatform.backends.aws.serving.metrics import MICROSECONDS, MetricSource
from mlplatform.backends.aws.serving.rollout_time import alarm_seconds
from mlplatform.components.scope import Scope
from mlplatform.spec.rollouts import Rollout


def make_rollback_alarms(
    scope: Scope, rollout: Rollout, sources: Sequence[MetricSource]
) -> list[cloudwatch.MetricAlarm]:
    """Create the alarms that roll back a deployment: failures and the 99th percentile of each variant's latency."""
    rules, period = scope.spec.monitoring.alerts, alarm_seconds(rollout)
    alarms: list[cloudwatch.MetricAlarm] = []
    for source in sources:
        alarms.append(
            make_alarm(
                scope,
                f"errors-{source.label}",
                "critical",
                describe=f"{source.title}: more than {rules.error_rate_percent:g} % of requests fail",
                threshold=rules.error_rate_percent,
                metrics=[
                    source.alarm_metric("failed", "Invocation5XXErrors"),
                    source.alarm_metric("all", "Invocations"),
                    formula("rate", "IF(FILL(all, 0) > 0, 100 * FILL(failed, 0) / all, 0)"),
                ],
                period=period,
            )
        )
        alarms.append(
            make_alarm(
                scope,
                f"latency-{source.label}",
                "critical",
                describe=f"{source.title}: one request in a hundred takes over {rules.latency_p99_ms} ms",
                threshold=rules.latency_p99_ms * MICROSECONDS,
                metrics=[source.alarm_metric("p99", "ModelLatency", "p99")],
                period=period,
            )
        )
    return alarms


def make_saturation_alarms(
    scope: Scope, sources: Sequence[MetricSource], gpus: int, vcpus: float, *, fills_memory: bool
) -> None:
    """Create warnings of saturated replicas. `fills_memory`: the server reserves all GPU memory by design."""
    limit = scope.spec.monitoring.alerts.saturation_percent
    kinds = [("CPUUtilization", vcpus), ("MemoryUtilization", 1.0)]
    kinds += [("GPUUtilization", float(gpus))] if gpus else []
    kinds += [("GPUMemoryUtilization", float(gpus))] if gpus and not fills_memory else []
    for source in sources:
        for metric, units in kinds:
            usage = AlarmMetric(
                id="used",
                name=source.usage_metric(metric),
                namespace=source.usage_namespace,
                dimensions=source.dimensions,
                stat="Average",
            )
            make_alarm(
                scope,
                f"{metric.removesuffix('Utilization').lower()}-{source.label}",
                "warning",
                describe=f"{source.title}: {metric} over {limit} % for fifteen minutes",
                threshold=limit * source.full_usage(units),
                metrics=[usage],
                periods=3,
            )
