"""Alerts of a monitor: what it found, what it could not judge, and its silence."""

from __future__ import annotations

from pulumi_gcp import logging

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.model_monitor.signals import PART, SIGNAL, signal_metric
from mlplatform.backends.gcp.monitoring.alarms import AlertRule, alert_on_log, build_alert_policy
from mlplatform.backends.gcp.pipelines.silence import silence_rule as ended_rule
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.monitor_alerts import FIELD, METRIC, monitor_alerts, silence_words, silent_hours
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import ModelMonitorSpec


def watch_monitor(scope: Scope, spec: ModelMonitorSpec, endpoint: EndpointSpec, whose: str, silence: AlertRule) -> None:
    """Build the alerts; they notify the platform's routes.

    Args:
        scope: the monitor's.
        spec: the monitor's.
        endpoint: its endpoint.
        whose: filter of the lines of its log.
        silence: the rule that no look has ended for long.
    """
    prefix = f"monitor-{endpoint.name}"
    for alert in monitor_alerts(spec, endpoint):
        alert_on_log(
            scope,
            alert.role,
            alert.severity,
            f"{endpoint.name}: monitor, {alert.role}",
            log_lines(whose, *alert.lines),
            advice=alert.words,
            prefix=prefix,
        )
    _record_signals(scope, endpoint, whose)
    build_alert_policy(scope, silence, prefix)


def silence_rule(spec: ModelMonitorSpec, endpoint: EndpointSpec, job: str) -> AlertRule:
    """The rule that no look has ended well for long: a look that could not judge has, and said so.

    Args:
        spec: the monitor.
        endpoint: its endpoint.
        job: name of its job.
    """
    hours = silent_hours(spec)
    return ended_rule(
        job,
        title=silence_title(spec, endpoint),
        hours=hours,
        every_hours=spec.every_hours,
        severity="critical",
        advice=silence_words(spec, endpoint),
    )


def silence_title(spec: ModelMonitorSpec, endpoint: EndpointSpec) -> str:
    """What the alert on silence says."""
    return f"{endpoint.name}: its monitor finished no look for {silent_hours(spec)} hours"


def of_job(job: str) -> str:
    """Filter of the log of a job of Cloud Run.

    Args:
        job: its name.
    """
    return f'resource.type="cloud_run_job" AND resource.labels.job_name="{job}"'


def log_lines(whose: str, *lines: str) -> str:
    """Filter of the program's lines in the log.

    Args:
        whose: filter of the monitor's log.
        lines: what they tell.
    """
    told = " OR ".join(f'jsonPayload.{FIELD}="{line}"' for line in lines)
    return f"{whose} AND ({told})"


def _record_signals(scope: Scope, endpoint: EndpointSpec, whose: str) -> logging.Metric:
    """Build a metric of the figures that the program tells, for dashboards."""
    foundation = native(scope.context.foundation.parts, GcpFoundation)
    return logging.Metric(
        scope.child("signals"),
        project=scope.target(GcpTarget).project,
        name=signal_metric(scope.spec, endpoint),
        description=f"What the monitor of {endpoint.name} tells",
        filter=log_lines(whose, METRIC),
        value_extractor="EXTRACT(jsonPayload.value)",
        label_extractors={SIGNAL: "EXTRACT(jsonPayload.metric)", PART: "EXTRACT(jsonPayload.part)"},
        metric_descriptor=logging.MetricMetricDescriptorArgs(
            # values of a log can only be distributions
            metric_kind="DELTA",
            value_type="DISTRIBUTION",
            unit="1",
            labels=[logging.MetricMetricDescriptorLabelArgs(key=key, value_type="STRING") for key in (PART, SIGNAL)],
        ),
        opts=scope.opts(depends_on=foundation.after("logging")),
    )
