"""Alerts of a monitor: what it found, what it could not judge, and its silence."""

from __future__ import annotations

from pulumi_azure_native import app

from mlplatform.backends.azure.model_monitor.signals import monitor_lines
from mlplatform.backends.azure.monitoring.alarms import log_alarm
from mlplatform.backends.azure.pipelines.silence import watch_silence
from mlplatform.components.monitor_alerts import LOOK, monitor_alerts, silence_words, silent_hours
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import ModelMonitorSpec


def watch_monitor(scope: Scope, spec: ModelMonitorSpec, endpoint: EndpointSpec, job: app.Job | None) -> None:
    """Make the alerts.

    Args:
        scope: the monitor's.
        spec: the monitor's.
        endpoint: its endpoint.
        job: the monitor; None where the cluster runs it.
    """
    for alert in monitor_alerts(spec, endpoint):
        log_alarm(
            scope,
            alert.role,
            severity=alert.severity,
            description=alert.words,
            kql=f"{monitor_lines(spec, endpoint, *alert.lines)} | summarize times = count()",
            column="times",
            above=0,
            window="PT15M",
            every="PT15M",
            depends_on=[job] if job else (),
        )
    watch_silence(
        scope,
        job,
        monitor_lines(spec, endpoint, LOOK),
        hours=silent_hours(spec),
        severity="critical",
        words=silence_words(spec, endpoint),
    )
