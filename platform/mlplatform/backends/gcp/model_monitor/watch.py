"""Alerts of a monitor: what it found, what it could not judge, and its silence."""

from __future__ import annotations

from mlplatform.backends.gcp.monitoring.alarms import AlertRule, alert_on_log, build_alert_policy
from mlplatform.backends.gcp.pipelines.silence import silence_rule as ended_rule
from mlplatform.components.monitor_alerts import FIELD, monitor_alerts, silence_words, silent_hours
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import ModelMonitorSpec


def watch_monitor(scope: Scope, spec: ModelMonitorSpec, endpoint: EndpointSpec, job: str) -> None:
    """Build the alerts; they notify the platform's routes.

    Args:
        scope: the monitor's.
        spec: the monitor's.
        endpoint: its endpoint.
        job: name of its job.
    """
    prefix = f"monitor-{endpoint.name}"
    for alert in monitor_alerts(spec, endpoint):
        alert_on_log(
            scope,
            alert.role,
            alert.severity,
            f"{endpoint.name}: monitor, {alert.role}",
            log_lines(job, *alert.lines),
            advice=alert.words,
            prefix=prefix,
        )
    build_alert_policy(scope, silence_rule(spec, endpoint, job), prefix)


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
        title=f"{endpoint.name}: its monitor finished no look for {hours} hours",
        hours=hours,
        every_hours=spec.every_hours,
        severity="critical",
        advice=silence_words(spec, endpoint),
    )


def log_lines(job: str, *lines: str) -> str:
    """Filter of the program's lines in the log.

    Args:
        job: name of its job.
        lines: what they tell.
    """
    told = " OR ".join(f'jsonPayload.{FIELD}="{line}"' for line in lines)
    return f'resource.type="cloud_run_job" AND resource.labels.job_name="{job}" AND ({told})'
