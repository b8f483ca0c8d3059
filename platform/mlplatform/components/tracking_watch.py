"""What is watched of the tracking server's database on every cloud. Imports no SDK."""

from __future__ import annotations

CPU_PERCENT = 90
"""Busy processors, percent, that raise an alert after half an hour."""

CPU_MINUTES = 30

DISK_PERCENT = 92
"""Part of the disk in use, percent, that raises an alert: each cloud makes the disk larger before."""

CONNECTIONS_SHARE = 0.8
"""Part of the database's connections in use that raises an alert."""

CPU = (
    "The processors of the tracking server's database are busy: take a larger tracking.database.size, or find the "
    "query that is slow"
)

DISK = (
    "The disk of the tracking server's database is nearly full, although it grows by itself: without space the server "
    "takes no more runs. Delete runs and run `mlflow gc`, or look why the disk does not grow"
)

CONNECTIONS = (
    "Nearly all connections of the tracking server's database are in use: the next server, or the next worker, is "
    "refused. Use fewer tracking.replicas, or a larger tracking.database.size"
)

BACKUP = (
    "The tracking server's database has no new backup: look at its backups, and make one by hand before you change "
    "anything"
)
