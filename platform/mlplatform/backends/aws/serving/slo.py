"""Alarms of service level objectives, for an error budget that burns too fast,
https://sre.google/workbook/alerting-on-slos/ (multiwindow, multi-burn-rate)."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_aws import cloudwatch

from mlplatform.backends.aws.monitoring.alarms import (
    AlarmMetric,
    alarm_role,
    formula,
    make_alarm,
    metric_query,
)
from mlplatform.backends.aws.naming import alarm_name, silent_alarm_name
from mlplatform.backends.aws.serving.metrics import MICROSECONDS, MetricSource
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import SloSpec
from mlplatform.spec.monitoring import Severity
from mlplatform.spec.slo import BurnRate, burn_rates

_MOST_BAD_PERCENT = 99.9
"""An alarm is for a share above its threshold, which all requests together must pass."""


def make_slo_alarms(scope: Scope, slo: SloSpec, endpoint_name: str, sources: Sequence[MetricSource]) -> None:
    """Create burn-rate alarms for availability, and for each source of requests those of the latency objective."""
    for burn in burn_rates(slo.window_days):
        share = round(burn.bad_percent(slo.availability_percent), 6)
        windows = [
            _failure_alarm(scope, f"slo-{burn.severity}-{label}", share, sources, seconds)
            for label, seconds in (("long", burn.long_seconds), ("short", burn.short_seconds))
        ]
        _combine(scope, burn.severity, slo, windows, endpoint_name)
    if slo.latency_ms:
        for source in sources:
            for burn in burn_rates(slo.window_days):
                _latency_alarm(scope, slo, slo.latency_ms, source, burn)


def _latency_alarm(scope: Scope, slo: SloSpec, latency_ms: int, source: MetricSource, burn: BurnRate) -> None:
    """An alarm on the share of late requests: percentile ranks count them, and can be had of one metric each.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html (2026-11)
    """
    share = round(burn.bad_percent(slo.latency_percent, most=_MOST_BAD_PERCENT), 6)
    make_alarm(
        scope,
        f"slo-latency-{source.label}" if burn.name == "slow" else f"slo-latency-{burn.name}-{source.label}",
        burn.severity,
        describe=f"{source.title}: more than {share:g} % of the requests of {burn.long_seconds // 60} minutes took "
        f"longer than {latency_ms} ms, which spends the budget of {slo.latency_percent:g} % over "
        f"{slo.window_days} days {burn.rate:.3g} times too fast",
        threshold=share,
        metrics=[
            source.alarm_metric("within", "ModelLatency", f"PR(0:{latency_ms * MICROSECONDS})"),
            formula("late", "100 - within"),
        ],
        period=burn.long_seconds,
    )


def _failure_alarm(
    scope: Scope, role: str, threshold: float, sources: Sequence[MetricSource], window: int
) -> cloudwatch.MetricAlarm:
    """One window of a burn-rate alarm; alone it notifies nobody."""
    metrics: list[AlarmMetric] = []
    for index, source in enumerate(sources):
        metrics += [
            source.alarm_metric(f"f{index}", "Invocation5XXErrors"),
            source.alarm_metric(f"n{index}", "Invocations"),
        ]
    failed = " + ".join(f"FILL(f{index}, 0)" for index in range(len(sources)))
    total = " + ".join(f"FILL(n{index}, 0)" for index in range(len(sources)))
    metrics.append(formula("share", f"IF(({total}) > 0, 100 * ({failed}) / ({total}), 0)"))
    return cloudwatch.MetricAlarm(
        scope.child(f"alarm-{role}"),
        name=silent_alarm_name(scope.spec, alarm_role(scope, role)),
        alarm_description=f"Part of a burn-rate alarm: failures over {window // 60} minutes",
        # a threshold of 100 % cannot be exceeded, but is reached when all requests fail
        comparison_operator="GreaterThanOrEqualToThreshold",
        threshold=threshold,
        evaluation_periods=1,
        treat_missing_data="notBreaching",
        # no action: only both windows together mean that the budget burns too fast
        metric_queries=[metric_query(metric, window, metric.id == "share") for metric in metrics],
        tags=scope.tags,
        opts=scope.opts(),
    )


def _combine(
    scope: Scope, severity: Severity, slo: SloSpec, windows: Sequence[cloudwatch.MetricAlarm], endpoint_name: str
) -> None:
    routes = scope.context.routes.parts
    role = f"slo-{severity}"
    cloudwatch.CompositeAlarm(
        scope.child(f"alarm-{role}"),
        alarm_name=alarm_name(scope.spec, severity, alarm_role(scope, role)),
        alarm_description=f"{endpoint_name}: the error budget of {slo.availability_percent:g} % over "
        f"{slo.window_days} days burns fast",
        alarm_rule=pulumi.Output.concat('ALARM("', windows[0].name, '") AND ALARM("', windows[1].name, '")'),
        alarm_actions=list(routes.targets[severity]),
        ok_actions=list(routes.targets[severity]),
        tags=scope.tags,
        opts=scope.opts(depends_on=routes.ready, delete_before_replace=True),
    )
