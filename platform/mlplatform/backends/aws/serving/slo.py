"""Service level objectives: alerts when the error budget burns too fast,
https://sre.google/workbook/alerting-on-slos/ (multiwindow, multi-burn-rate)."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_aws import cloudwatch

from mlplatform.backends.aws.monitoring.alerts import FIVE_MINUTES, MICROSECONDS, Metric, alarm, formula, local, query
from mlplatform.backends.aws.naming import alarm_name, part_name
from mlplatform.backends.aws.serving.metrics import Watch
from mlplatform.components.context import Scope
from mlplatform.spec.endpoints import SloSpec
from mlplatform.spec.monitoring import Severity

_HOUR = 3600
_DAYS = 30
# burn rate, long and short window in seconds: what would use up 2 % of a 30-day budget in an hour, 5 % in six
_RATES: tuple[tuple[Severity, float, int, int], ...] = (
    ("critical", 14.4, _HOUR, FIVE_MINUTES),
    ("warning", 6.0, 6 * _HOUR, 1800),
)


def objectives(scope: Scope, slo: SloSpec, endpoint_name: str, watched: Sequence[Watch]) -> None:
    """Burn-rate alarms for availability, and one alarm for the latency objective."""
    budget = 100 - slo.availability_percent
    for severity, rate, long, short in _RATES:
        # over a short window the same share of the budget is less than what may be used anyhow
        burn = max(rate * slo.window_days / _DAYS, 1.0)
        share = round(min(budget * burn, 100.0), 6)
        both = [
            _share(scope, f"slo-{severity}-{label}", share, watched, window)
            for label, window in (("long", long), ("short", short))
        ]
        _together(scope, severity, slo, both, endpoint_name)
    if not slo.latency_ms:
        return
    for watch in watched:
        alarm(
            scope,
            f"slo-latency-{watch.label}",
            "warning",
            describe=f"{watch.title}: fewer than {slo.latency_percent:g} % of an hour's requests "
            f"stayed under {slo.latency_ms} ms",
            threshold=slo.latency_ms * MICROSECONDS,
            metrics=[
                Metric(id="slow", name="ModelLatency", dimensions=watch.dimensions, stat=f"p{slo.latency_percent:.10g}")
            ],
            period=_HOUR,
        )


def _share(scope: Scope, role: str, threshold: float, watched: Sequence[Watch], window: int) -> cloudwatch.MetricAlarm:
    metrics: list[Metric] = []
    for index, watch in enumerate(watched):
        metrics.append(Metric(id=f"f{index}", name="Invocation5XXErrors", dimensions=watch.dimensions))
        metrics.append(Metric(id=f"n{index}", name="Invocations", dimensions=watch.dimensions))
    failed = " + ".join(f"FILL(f{index}, 0)" for index in range(len(watched)))
    total = " + ".join(f"FILL(n{index}, 0)" for index in range(len(watched)))
    metrics.append(formula("share", f"IF(({total}) > 0, 100 * ({failed}) / ({total}), 0)"))
    return cloudwatch.MetricAlarm(
        scope.child(f"alarm-{role}"),
        name=part_name(scope.spec, local(scope, role)),
        alarm_description=f"Part of a burn-rate alarm: failures over {window // 60} minutes",
        # a share that no request can exceed is still reached when all of them fail
        comparison_operator="GreaterThanOrEqualToThreshold",
        threshold=threshold,
        evaluation_periods=1,
        treat_missing_data="notBreaching",
        # no action of its own: only both windows together mean that the budget burns
        metric_queries=[query(metric, window, metric.id == "share") for metric in metrics],
        tags=scope.tags,
        opts=scope.opts(),
    )


def _together(
    scope: Scope, severity: Severity, slo: SloSpec, both: Sequence[cloudwatch.MetricAlarm], endpoint_name: str
) -> None:
    routes = scope.context.routes.parts
    role = f"slo-{severity}"
    cloudwatch.CompositeAlarm(
        scope.child(f"alarm-{role}"),
        alarm_name=alarm_name(scope.spec, severity, local(scope, role)),
        alarm_description=f"{endpoint_name}: the error budget of {slo.availability_percent:g} % over "
        f"{slo.window_days} days burns fast",
        alarm_rule=pulumi.Output.concat('ALARM("', both[0].name, '") AND ALARM("', both[1].name, '")'),
        alarm_actions=list(routes.targets[severity]),
        ok_actions=list(routes.targets[severity]),
        tags=scope.tags,
        opts=scope.opts(depends_on=routes.ready, delete_before_replace=True),
    )
