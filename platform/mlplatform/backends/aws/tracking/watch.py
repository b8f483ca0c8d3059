"""Alerts about the tracking server's database."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_aws import cloudwatch, rds

from mlplatform.backends.aws.foundation.policy import to_json
from mlplatform.backends.aws.monitoring.alarms import AlarmMetric, make_alarm
from mlplatform.backends.aws.monitoring.event_alerts import alert_on
from mlplatform.backends.aws.naming import RULE
from mlplatform.components import tracking_watch as watch
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.components.tracking_sizes import TrackingSizes
from mlplatform.spec.tracking import DatabaseSize

CONNECTIONS: Mapping[DatabaseSize, int] = {"small": 405, "medium": 810, "large": 1620}
"""Most connections: the memory in bytes by 9,531,392, of which RDS keeps about a tenth for itself,
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections (2026-11)"""

LEAST_FREE = 2 * 1024**3
"""Bytes of the disk that must be free. RDS makes it larger when less than a tenth is, at most every six hours."""

_DAY = 86_400
_FINISHED = "RDS-EVENT-0002"
"""A backup has ended, https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html (2026-11)"""


def watch_database(scope: Scope, instance: rds.Instance, name: str, sizes: TrackingSizes) -> None:
    """Alert on the load of the database, on what RDS says is wrong with it, and on backups that do not come.

    Args:
        scope: the tracking server's.
        instance: the database.
        name: its identifier.
        sizes: its size.
    """

    def of_database(id: str, metric: str, stat: str) -> list[AlarmMetric]:
        dimensions = {"DBInstanceIdentifier": instance.identifier}
        return [AlarmMetric(id=id, name=metric, namespace="AWS/RDS", dimensions=dimensions, stat=stat)]

    make_alarm(
        scope,
        "database-cpu",
        "warning",
        describe=watch.CPU,
        threshold=watch.CPU_PERCENT,
        periods=watch.CPU_MINUTES // 5,
        metrics=of_database("cpu", "CPUUtilization", "Average"),
    )
    make_alarm(
        scope,
        "database-connections",
        "warning",
        describe=watch.CONNECTIONS,
        threshold=round(CONNECTIONS[sizes.size] * watch.CONNECTIONS_SHARE),
        metrics=of_database("connections", "DatabaseConnections", "Maximum"),
    )
    make_alarm(
        scope,
        "database-disk",
        "critical",
        describe=watch.DISK,
        threshold=LEAST_FREE,
        below=True,
        periods=3,
        metrics=of_database("free", "FreeStorageSpace", "Minimum"),
    )
    of_this = {"source": ["aws.rds"], "detail-type": ["RDS DB Instance Event"]}
    alert_on(
        scope,
        "events",
        "critical",
        "RDS reports a failure, or too little space, of the tracking server's database",
        {**of_this, "detail": {"SourceIdentifier": [name], "EventCategories": ["failure", "low storage"]}},
        named="tracking-events",
    )
    _watch_backups(scope, {**of_this, "detail": {"SourceIdentifier": [name], "EventID": [_FINISHED]}})


def _watch_backups(scope: Scope, finished: dict[str, object]) -> None:
    """RDS tells of no backup that failed, only of each one that ended: a rule without a target counts those.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    """
    rule = cloudwatch.EventRule(
        scope.child("backups"),
        name=physical_name(scope.spec, "tracking-backups", RULE),
        description="Counts the backups of the tracking server's database",
        event_pattern=to_json(finished),
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    dimensions = {"RuleName": rule.name}
    make_alarm(
        scope,
        "backup",
        "critical",
        describe=watch.BACKUP,
        threshold=1,
        below=True,
        period=_DAY,
        # a day without one may lie between a late backup and an early one
        periods=2,
        missing="breaching",
        metrics=[AlarmMetric(id="backups", name="TriggeredRules", namespace="AWS/Events", dimensions=dimensions)],
    )
