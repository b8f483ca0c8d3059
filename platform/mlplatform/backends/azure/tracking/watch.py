"""Alerts about the tracking server's database.

https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbforpostgresql-flexibleservers-metrics
"""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_azure_native import dbforpostgresql as postgres
from pulumi_azure_native import monitor

from mlplatform.backends.azure.monitoring.alarms import metric_alarm
from mlplatform.components import tracking_watch as watch
from mlplatform.components.scope import Scope
from mlplatform.components.tracking_sizes import TrackingSizes
from mlplatform.spec.monitoring import Severity
from mlplatform.spec.tracking import DatabaseSize

CONNECTIONS: Mapping[DatabaseSize, int] = {"small": 414, "medium": 844, "large": 1703}
"""Most connections of users,
https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-limits (2026-11)"""

_SERVERS = "Microsoft.DBforPostgreSQL/flexibleServers"


def watch_database(scope: Scope, server: postgres.Server, sizes: TrackingSizes) -> None:
    """Alert on the load of the database, and where it has no backup at all: Azure tells of none that failed.

    Args:
        scope: the tracking server's.
        server: the database.
        sizes: its size.
    """

    def above(role: str, severity: Severity, words: str, metric: str, most: float, window: str) -> None:
        metric_alarm(
            scope,
            role,
            severity=severity,
            description=words,
            on=server.id,
            namespace=_SERVERS,
            name=metric,
            above=most,
            window=window,
            every="PT5M",
        )

    connections = round(CONNECTIONS[sizes.size] * watch.CONNECTIONS_SHARE)
    above("database-cpu", "warning", watch.CPU, "cpu_percent", watch.CPU_PERCENT, f"PT{watch.CPU_MINUTES}M")
    above("database-connections", "warning", watch.CONNECTIONS, "active_connections", connections, "PT5M")
    above("database-disk", "critical", watch.DISK, "storage_percent", watch.DISK_PERCENT, "PT15M")
    metric_alarm(
        scope,
        "backup",
        severity="critical",
        description=watch.BACKUP,
        on=server.id,
        namespace=_SERVERS,
        name="backup_storage_used",
        below=1,
        aggregation=monitor.AggregationTypeEnum.AVERAGE,
        window="P1D",
        every="PT1H",
    )
