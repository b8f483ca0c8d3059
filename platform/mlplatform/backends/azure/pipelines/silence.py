"""The alert that a scheduled job has not said for long that it ended well."""

from __future__ import annotations

import pulumi

from mlplatform.backends.azure.monitoring.alarms import log_alarm
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import Severity

_WINDOWS = {1: "PT1H", 2: "PT2H", 4: "PT4H", 6: "PT6H", 24: "P1D", 48: "P2D"}
"""Periods in hours that a log alert may look back,
https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule (2026-01)"""


def watch_silence(
    scope: Scope, job: pulumi.Resource | None, lines: str, *, hours: int, severity: Severity, words: str
) -> None:
    """Make the alert.

    Args:
        scope: the owner of the job.
        job: the job; None where this stack does not have it.
        lines: query of the lines in which it said so.
        hours: so long, at most two days.
        severity: who is told.
        words: what the alert tells.
    """
    log_alarm(
        scope,
        "silence",
        severity=severity,
        description=words,
        kql=f"{lines} | where TimeGenerated > ago({hours}h) | summarize looks = count() "
        "| extend silent = iff(looks == 0, 1, 0)",
        column="silent",
        above=0,
        window=_WINDOWS[min(each for each in _WINDOWS if each >= hours)],
        every="PT1H",
        depends_on=[job] if job else (),
    )
