"""Alerts of a monitor: what it found, what it could not judge, and its silence."""

from __future__ import annotations

from pulumi_azure_native import app

from mlplatform.backends.azure.monitoring.alarms import log_alarm
from mlplatform.backends.azure.pipelines.silence import watch_silence
from mlplatform.components.monitor_alerts import FIELD, LOOK, monitor_alerts, silence_words, silent_hours
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import ModelMonitorSpec

_LINES = (
    "ContainerAppConsoleLogs | extend said = parse_json(Log) | where tostring(said.{field}) in ({lines}) "
    "and tostring(said.endpoint) == '{endpoint}'"
)


def watch_monitor(scope: Scope, spec: ModelMonitorSpec, endpoint: EndpointSpec, job: app.Job) -> None:
    """Make the alerts.

    Args:
        scope: the monitor's.
        spec: the monitor's.
        endpoint: its endpoint.
        job: the monitor.
    """
    for alert in monitor_alerts(spec, endpoint):
        log_alarm(
            scope,
            alert.role,
            severity=alert.severity,
            description=alert.words,
            kql=f"{_lines(endpoint, *alert.lines)} | summarize times = count()",
            column="times",
            above=0,
            window="PT15M",
            every="PT15M",
            depends_on=[job],
        )
    watch_silence(
        scope,
        job,
        _lines(endpoint, LOOK),
        hours=silent_hours(spec),
        severity="critical",
        words=silence_words(spec, endpoint),
    )


def _lines(endpoint: EndpointSpec, *lines: str) -> str:
    words = ", ".join(f"'{line}'" for line in lines)
    return _LINES.format(field=FIELD, lines=words, endpoint=endpoint.name)
