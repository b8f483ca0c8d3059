"""Alerts of a monitor: what it found, what it could not judge, and its silence."""

from __future__ import annotations

from pulumi_aws import cloudwatch

from mlplatform.backends.aws.model_monitor.signals import METRIC_NAME, PART, SIGNAL, signal_namespace
from mlplatform.backends.aws.monitoring.alarms import AlarmMetric, count_lines, make_alarm
from mlplatform.backends.aws.naming import RULE
from mlplatform.backends.aws.pipelines.silence import watch_silence
from mlplatform.components.monitor_alerts import FIELD, LOOK, METRIC, monitor_alerts, silence_words, silent_hours
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import ModelMonitorSpec


def watch_monitor(scope: Scope, spec: ModelMonitorSpec, endpoint: EndpointSpec, logs: cloudwatch.LogGroup) -> None:
    """Create the alerts.

    Args:
        scope: the monitor.
        spec: the monitor's.
        endpoint: its endpoint.
        logs: of its program, which writes lines of JSON.
    """
    for alert in monitor_alerts(spec, endpoint):
        make_alarm(
            scope,
            alert.role,
            alert.severity,
            describe=alert.words,
            threshold=0,
            metrics=[_count(scope, endpoint, alert.role, alert.lines, logs)],
        )
    _record_signals(scope, endpoint, logs)
    watch_silence(
        scope,
        _count(scope, endpoint, "looks", (LOOK,), logs),
        hours=silent_hours(spec),
        severity="critical",
        words=silence_words(spec, endpoint),
    )


def _count(
    scope: Scope, endpoint: EndpointSpec, metric: str, lines: tuple[str, ...], logs: cloudwatch.LogGroup
) -> AlarmMetric:
    wanted = " || ".join(f'$.{FIELD} = "{line}"' for line in lines)
    return count_lines(scope, f"monitor-{endpoint.name}", metric, logs, f"{{ {wanted} }}")


def _record_signals(scope: Scope, endpoint: EndpointSpec, logs: cloudwatch.LogGroup) -> None:
    """Make a metric of the figures that the program tells, for dashboards. A month with a look a day is paid as some
    hours of it: https://aws.amazon.com/cloudwatch/pricing/"""
    cloudwatch.LogMetricFilter(
        scope.child("signals"),
        name=physical_name(scope.spec, f"monitor-{endpoint.name}-signals", RULE),
        log_group_name=logs.name,
        pattern=f'{{ $.{FIELD} = "{METRIC}" }}',
        metric_transformation=cloudwatch.LogMetricFilterMetricTransformationArgs(
            name=METRIC_NAME,
            namespace=signal_namespace(scope.spec, endpoint),
            value="$.value",
            dimensions={SIGNAL: "$.metric", PART: "$.part"},
        ),
        opts=scope.opts(delete_before_replace=True),
    )
