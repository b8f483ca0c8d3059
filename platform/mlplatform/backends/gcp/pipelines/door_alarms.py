"""Alerts of the door: letters that nobody could read, a door that fails or is silent, and runs that failed."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.gcp.monitoring.alarms import AlertRule, alert_on_log, build_alert_policy
from mlplatform.backends.gcp.pipelines.door_job import job_name
from mlplatform.components.scope import Scope

_ENDED = "run_googleapis_com:job_completed_task_attempt_count"
"""Attempts of tasks of a job by result, https://docs.cloud.google.com/monitoring/api/metrics_gcp_p_z (2026-11)"""

_UNREAD = "pubsub_googleapis_com:subscription_num_undelivered_messages"
"""Messages without an acknowledgement, https://docs.cloud.google.com/monitoring/api/metrics_gcp_p_z (2026-11)"""

_SILENT = "1h"


def door_rules(job: str, dead: str) -> Sequence[AlertRule]:
    """The rules.

    Args:
        job: name of the door's job.
        dead: name of the subscription of dead letters.
    """
    ended = f'{_ENDED}{{job_name="{job}"'
    return (
        AlertRule(
            "dead-letters",
            "Messages for pipelines that the door could not read",
            f'max_over_time({_UNREAD}{{subscription_id="{dead}"}}[5m]) > 0',
            "warning",
            advice="Read them with `gcloud pubsub subscriptions pull`, mend who sends them, and acknowledge them.",
        ),
        AlertRule(
            "door-failed",
            "The door of pipelines fails",
            f'sum(increase({ended},result="failed"}}[15m])) > 0',
            "warning",
            advice="Look at the job's log. No run starts meanwhile; messages wait for seven days.",
        ),
        AlertRule(
            "door-silent",
            f"The door of pipelines has not finished for {_SILENT}",
            f'(sum(increase({ended},result="succeeded"}}[{_SILENT}])) or vector(0)) < 1',
            "critical",
            # a new platform's first hour
            minutes=60,
            advice="Look at the job of Cloud Scheduler that starts it, and at the job's executions.",
        ),
    )


def build_alarms(scope: Scope, dead: str) -> None:
    """Build the alerts; they notify the platform's routes."""
    for rule in door_rules(job_name(scope.spec), dead):
        build_alert_policy(scope, rule, "door")
    alert_on_log(
        scope,
        "run-failed",
        "warning",
        "A run of a pipeline failed, or was stopped",
        failed_runs(job_name(scope.spec)),
        advice="The message names the run. The model that serves is not changed by it.",
        prefix="door",
    )


def failed_runs(job: str) -> str:
    """Filter of the door's lines about runs that failed.

    Args:
        job: name of the door's job.
    """
    return f'resource.type="cloud_run_job" AND resource.labels.job_name="{job}" AND jsonPayload.door="run-failed"'
