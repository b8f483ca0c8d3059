"""Alerts about the tracking server's database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlplatform.backends.gcp.monitoring.alarms import AlertRule, alert_on_log, build_alert_policy
from mlplatform.components import tracking_watch as watch
from mlplatform.components.scope import Scope
from mlplatform.components.tracking_sizes import TrackingSizes
from mlplatform.spec.tracking import DatabaseSize

CONNECTIONS: Mapping[DatabaseSize, int] = {"small": 200, "medium": 400, "large": 500}
"""Most connections, which the database is told: Cloud SQL's own default of `small` is too few for several servers,
https://docs.cloud.google.com/sql/docs/postgres/flags (2026-11)"""

_METRICS = "cloudsql_googleapis_com:database"
"""https://docs.cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql (2026-11)"""


def database_rules(project: str, name: str, sizes: TrackingSizes) -> Sequence[AlertRule]:
    """The rules.

    Args:
        project: of the database.
        name: of its instance.
        sizes: its size.
    """
    of_this = f'{{monitored_resource="cloudsql_database",database_id="{project}:{name}"}}'
    connections = round(CONNECTIONS[sizes.size] * watch.CONNECTIONS_SHARE)
    return (
        AlertRule(
            "database-cpu",
            "The tracking server's database is busy",
            f"max({_METRICS}_cpu_utilization{of_this}) > {watch.CPU_PERCENT / 100}",
            "warning",
            watch.CPU_MINUTES,
            watch.CPU,
        ),
        AlertRule(
            "database-connections",
            "The tracking server's database has few connections left",
            # a series for each database of the instance
            f"sum({_METRICS}_postgresql_num_backends{of_this}) > {connections}",
            "warning",
            advice=watch.CONNECTIONS,
        ),
        AlertRule(
            "database-disk",
            "The disk of the tracking server's database is nearly full",
            f"max({_METRICS}_disk_utilization{of_this}) > {watch.DISK_PERCENT / 100}",
            "critical",
            15,
            watch.DISK,
        ),
    )


def failed_backups(project: str, name: str) -> str:
    """Filter of the log's entries about backups that did not succeed.

    https://docs.cloud.google.com/sql/docs/postgres/backup-recovery/view-audit-logs-for-automated-backups

    Args:
        project: of the database.
        name: of its instance.
    """
    return (
        f'logName="projects/{project}/logs/cloudaudit.googleapis.com%2Fsystem_event" AND '
        'resource.type="cloudsql_database" AND protoPayload.methodName="cloudsql.instances.automatedBackup" AND '
        f'resource.labels.database_id="{project}:{name}" AND protoPayload.metadata.windowStatus=~"FAILED|OVERDUE"'
    )


def watch_database(scope: Scope, project: str, name: str, sizes: TrackingSizes) -> None:
    """Alert on the load of the database, and on backups that failed or did not start.

    Args:
        scope: the tracking server's.
        project: of the database.
        name: of its instance.
        sizes: its size.
    """
    for rule in database_rules(project, name, sizes):
        build_alert_policy(scope, rule, "tracking")
    alert_on_log(
        scope,
        "backup",
        "critical",
        "A backup of the tracking server's database failed",
        failed_backups(project, name),
        advice=watch.BACKUP,
        prefix="tracking",
    )
