"""The alert that a scheduled job has not ended well for long."""

from __future__ import annotations

from mlplatform.backends.gcp.monitoring.alarms import AlertRule
from mlplatform.spec.monitoring import Severity

_ENDED = "run_googleapis_com:job_completed_task_attempt_count"
"""Attempts of tasks of a job by result, https://docs.cloud.google.com/monitoring/api/metrics_gcp_p_z (2026-11)"""


def silence_rule(job: str, *, title: str, hours: int, every_hours: int, severity: Severity, advice: str) -> AlertRule:
    """The rule that no run of a job has ended well for so long.

    A rule may look back for two years, https://docs.cloud.google.com/monitoring/alerts/using-promql (2026-11).

    Args:
        job: name of the job.
        title: what the alert says.
        hours: so long.
        every_hours: from one run to the next.
        severity: who is told.
        advice: what to do.
    """
    return AlertRule(
        "silence",
        title,
        f'(sum(increase({_ENDED}{{job_name="{job}",result="succeeded"}}[{hours}h])) or vector(0)) < 1',
        severity,
        # a new job's first run: a condition may hold for a day at most before it counts
        minutes=min(every_hours * 60, 23 * 60),
        advice=advice,
    )
