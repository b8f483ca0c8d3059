"""Databases are backed up."""

from __future__ import annotations

from mlplatform.checks.predicates import is_at_least, is_true, kept
from mlplatform.checks.rule import CheckRule, Entry

_DAYS = 7

RULE = CheckRule(
    id="database-backups",
    level="medium",
    topic="recovery",
    title="Database backups are kept for at least a week",
    why="Runs, model versions and features cannot be recreated.",
    fix="Enable automatic backups and point-in-time recovery.",
    entries=(
        Entry(
            ("aws:rds/instance:Instance", "aws:rds/cluster:Cluster"),
            is_at_least("backupRetentionPeriod", _DAYS, "Backups are kept for less than a week."),
            refs=("AWS FSBP RDS.11",),
            link="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
            when=kept,
        ),
        Entry(
            ("aws:dynamodb/table:Table",),
            is_true("pointInTimeRecovery.enabled", "The table has no point-in-time recovery."),
            refs=("AWS FSBP DynamoDB.2",),
            link="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery.html",
            when=kept,
        ),
        Entry(
            ("gcp:sql/databaseInstance:DatabaseInstance",),
            is_true("settings.backupConfiguration.enabled", "The database has no backups."),
            refs=("CIS GCP 4.0 6.7",),
            link="https://cloud.google.com/sql/docs/postgres/backup-recovery/backups",
            when=kept,
        ),
        Entry(
            ("azure-native:dbforpostgresql:Server",),
            is_at_least("backup.backupRetentionDays", _DAYS, "Backups are kept for less than a week.", default=_DAYS),
            refs=("MCSB BR-1",),
            link="https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-backup-restore",
            when=kept,
        ),
    ),
)
