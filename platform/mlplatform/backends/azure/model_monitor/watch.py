"""Alerts of a monitor: what it found, what it could not judge, and its silence."""

from __future__ import annotations

from pulumi_azure_native import app

from mlplatform.backends.azure.monitoring.alarms import log_alarm
from mlplatform.components.monitor_alerts import FIELD, LOOK, monitor_alerts, silence_words, silent_hours
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import ModelMonitorSpec

_LINES = (
    "ContainerAppConsoleLogs | extend said = parse_json(Log) | where tostring(said.{field}) in ({lines}) "
    "and tostring(said.endpoint) == '{endpoint}'"
)
_WINDOWS = {1: "PT1H", 2: "PT2H", 4: "PT4H", 6: "PT6H", 24: "P1D", 48: "P2D"}
"""Periods in hours that a log alert may look back,
https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule (2026-01)"""


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
    hours = silent_hours(spec)
    log_alarm(
        scope,
        "silence",
        severity="critical",
        description=silence_words(spec, endpoint),
        kql=f"{_lines(endpoint, LOOK)} | where TimeGenerated > ago({hours}h) | summarize looks = count() "
        "| extend silent = iff(looks == 0, 1, 0)",
        column="silent",
        above=0,
        window=_WINDOWS[min(each for each in _WINDOWS if each >= hours)],
        every="PT1H",
        depends_on=[job],
    )


def _lines(endpoint: EndpointSpec, *lines: str) -> str:
    words = ", ".join(f"'{line}'" for line in lines)
    return _LINES.format(field=FIELD, lines=words, endpoint=endpoint.name)
