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
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import ModelMonitorSpec


@record()
class MonitorLines:
    """Lines of JSON of one monitor, in the log of its task or of all pods."""

    logs: cloudwatch.LogGroup
    """The log."""

    said: str = "$"
    """Where the line itself is, as a selector of CloudWatch's filters."""

    whose: str = ""
    """Condition for the lines of this monitor. Omitted: all are."""

    def pattern(self, *lines: str) -> str:
        """The filter of some lines.

        Args:
            lines: what they tell.
        """
        wanted = " || ".join(f'{self.said}.{FIELD} = "{line}"' for line in lines)
        return f"{{ ({wanted}) && {self.whose} }}" if self.whose else f"{{ {wanted} }}"


def watch_monitor(scope: Scope, spec: ModelMonitorSpec, endpoint: EndpointSpec, lines: MonitorLines) -> None:
    """Create the alerts.

    Args:
        scope: the monitor.
        spec: the monitor's.
        endpoint: its endpoint.
        lines: of its program.
    """
    for alert in monitor_alerts(spec, endpoint):
        make_alarm(
            scope,
            alert.role,
            alert.severity,
            describe=alert.words,
            threshold=0,
            metrics=[_count(scope, endpoint, alert.role, lines, alert.lines)],
        )
    _record_signals(scope, endpoint, lines)
    watch_silence(
        scope,
        _count(scope, endpoint, "looks", lines, (LOOK,)),
        hours=silent_hours(spec),
        severity="critical",
        words=silence_words(spec, endpoint),
    )


def _count(
    scope: Scope, endpoint: EndpointSpec, metric: str, lines: MonitorLines, wanted: tuple[str, ...]
) -> AlarmMetric:
    return count_lines(scope, f"monitor-{endpoint.name}", metric, lines.logs, lines.pattern(*wanted))


def _record_signals(scope: Scope, endpoint: EndpointSpec, lines: MonitorLines) -> None:
    """Make a metric of the figures that the program tells, for dashboards. A month with a look a day is paid as some
    hours of it: https://aws.amazon.com/cloudwatch/pricing/"""
    cloudwatch.LogMetricFilter(
        scope.child("signals"),
        name=physical_name(scope.spec, f"monitor-{endpoint.name}-signals", RULE),
        log_group_name=lines.logs.name,
        pattern=lines.pattern(METRIC),
        metric_transformation=cloudwatch.LogMetricFilterMetricTransformationArgs(
            name=METRIC_NAME,
            namespace=signal_namespace(scope.spec, endpoint),
            value=f"{lines.said}.value",
            dimensions={SIGNAL: f"{lines.said}.metric", PART: f"{lines.said}.part"},
        ),
        opts=scope.opts(delete_before_replace=True),
    )
