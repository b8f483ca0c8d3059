"""GCP: how long data, copies and logs are kept."""

from __future__ import annotations

from mlplatform.risk.guards.directions import Appears, Earlier, Extra, Fewer, Gone, Less, Off, On, Ranked
from mlplatform.risk.guards.rows import Guard, Opening, Row, Setting

_SHORTER = "It is kept for a shorter time"
_BACKUPS = "Backups are kept for a shorter time"
_NO_BACKUP = "No further backups are made"
_NO_PITR = "It can no longer be restored to a point in time"
_EXPIRES = "Its data is deleted after a time"
_LOCK = "Its lock against deletion is weaker"
_IMAGES = "More images are deleted"

_BUCKET_LOCK = "https://docs.cloud.google.com/storage/docs/bucket-lock"
_HOLDS = "https://docs.cloud.google.com/storage/docs/object-holds"
_GC = "https://docs.cloud.google.com/bigtable/docs/garbage-collection"
_FOREVER = Less(0, forever=(0,))
"""Zero and nothing mean that there is no end."""

GCP: tuple[Row, ...] = (
    # buckets
    Setting("gcp:storage/bucket:Bucket", "/retentionPolicy", Gone(), "critical", _LOCK, source=_BUCKET_LOCK),
    Setting("gcp:storage/bucket:Bucket", "retentionPolicy.isLocked", Off(), "critical", _LOCK, source=_BUCKET_LOCK),
    Setting("gcp:storage/bucket:Bucket", "retentionPolicy.retentionPeriod", Less(0), "critical", _LOCK, source=_BUCKET_LOCK),
    Setting("gcp:storage/*", "defaultEventBasedHold eventBasedHold temporaryHold", Off(), "critical", "Its hold ends, and it can be deleted", source=_HOLDS),
    Setting("gcp:storage/*", "enableObjectRetention", Off(), "critical", _LOCK),
    Setting("gcp:storage/*", "retention.mode", Ranked(("unlocked", "locked")), "critical", _LOCK),
    Setting("gcp:storage/*", "retainUntilTime", Earlier(none_is_never=False), "critical", _LOCK),
    Setting("gcp:storage/bucket:Bucket", "softDeletePolicy.retentionDurationSeconds", Less(604_800), "high", "Deleted objects are kept for a shorter time"),
    Setting("gcp:storage/transferJob:TransferJob", "deleteObjectsFromSourceAfterTransfer deleteObjectsUniqueInSink", On(), "high", "The transfer deletes objects"),
    Setting("gcp:storage/bucket:Bucket", "/rpo", Off(("async_turbo",)), "medium", "It is copied to the other region later"),
    # analytics
    Setting("gcp:bigquery/*", "defaultTableExpirationMs defaultPartitionExpirationMs timePartitioning.expirationMs /expirationTime", _FOREVER, "high", _EXPIRES),
    Setting("gcp:bigquery/*", "maxTimeTravelHours", Less(168), "high", _NO_PITR),
    Setting("gcp:bigtable/gCPolicy:GCPolicy", "maxAge.duration maxAge.days rules.max_age rules.max_version maxVersions.number", Less(None), "high", _EXPIRES, source=_GC),
    Setting("gcp:bigtable/gCPolicy:GCPolicy", "/mode gcRules.mode", Ranked(("union", "intersection")), "high", _EXPIRES, source=_GC),
    Setting("gcp:bigtable/gCPolicy:GCPolicy", "/maxAge /maxVersions", Appears(), "high", _EXPIRES, source=_GC, where=lambda step: step.inputs.get("mode") != "INTERSECTION"),
    Opening("gcp:bigtable/gCPolicy:GCPolicy", "high", _EXPIRES, source=_GC),
    Setting("gcp:bigtable/table:Table", "/columnFamilies", Fewer(), "critical", "Data of a column family is deleted"),
    Setting("gcp:bigtable/table:Table", "/automatedBackupPolicy automatedBackupPolicy.frequency", Gone(), "high", _NO_BACKUP),
    Setting("gcp:bigtable/table:Table", "changeStreamRetention automatedBackupPolicy.retentionPeriod", Less(0), "high", _BACKUPS),
    Setting("gcp:bigtable/instance:Instance", "/clusters", Fewer(), "high", "It is no longer copied to another place"),
    Setting("gcp:spanner/database:Database", "versionRetentionPeriod", Less(1 / 24), "high", _NO_PITR),
    Setting("gcp:spanner/backupSchedule:BackupSchedule gcp:firestore/backupSchedule:BackupSchedule", "retentionDuration /retention", Less(0), "high", _BACKUPS),
    Guard("gcp:spanner/backupSchedule:BackupSchedule gcp:firestore/backupSchedule:BackupSchedule gcp:gkebackup/backupPlan:BackupPlan gcp:backupdisasterrecovery/backupPlanAssociation:BackupPlanAssociation gcp:backupdisasterrecovery/backupPlan:BackupPlan gcp:compute/*ResourcePolicyAttachment*", "high", _NO_BACKUP),
    Setting("gcp:firestore/*", "/ttlConfig", Appears(()), "high", _EXPIRES),
    Setting("gcp:firestore/*", "pointInTimeRecoveryEnablement", Off(("point_in_time_recovery_enabled",)), "high", _NO_PITR),
    # databases
    Setting("gcp:sql/*", "backupConfiguration.enabled", Off(), "high", _NO_BACKUP),
    Setting("gcp:sql/*", "pointInTimeRecoveryEnabled binaryLogEnabled", Off(), "high", _NO_PITR),
    Setting("gcp:sql/*", "transactionLogRetentionDays retainedBackups", Less(7), "high", _BACKUPS),
    Setting("gcp:alloydb/*", "automatedBackupPolicy.enabled", Off(default="true"), "high", _NO_BACKUP),
    Setting("gcp:alloydb/*", "continuousBackupConfig.enabled", Off(default="true"), "high", _NO_PITR),
    Setting("gcp:alloydb/*", "recoveryWindowDays timeBasedRetention.retentionPeriod", Less(14), "high", _BACKUPS),
    Setting("gcp:alloydb/*", "quantityBasedRetention.count", Less(None), "high", _BACKUPS),
    Setting("gcp:redis/* gcp:memorystore/*", "/automatedBackupConfig", Gone(), "high", _NO_BACKUP),
    Setting("gcp:redis/* gcp:memorystore/*", "automatedBackupConfig.retention", Less(None), "high", _BACKUPS),
    Setting("gcp:redis/* gcp:memorystore/*", "persistenceMode persistenceConfig.mode", Off(("rdb", "aof")), "high", "Its data is lost when it restarts"),
    Setting("gcp:gkebackup/backupPlan:BackupPlan", "/deactivated backupSchedule.paused", On(), "high", _NO_BACKUP),
    Setting("gcp:gkebackup/backupPlan:BackupPlan", "backupSchedule.cronSchedule /backupSchedule backupSchedule.rpoConfig", Gone(), "high", _NO_BACKUP),
    Setting("gcp:gkebackup/backupPlan:BackupPlan", "backupRetainDays backupDeleteLockDays", Less(0), "high", _BACKUPS),
    Setting("gcp:gkebackup/backupPlan:BackupPlan", "retentionPolicy.locked", Off(), "critical", _LOCK),
    Setting("gcp:gkebackup/backupPlan:BackupPlan", "backupConfig.includeVolumeData backupConfig.includeSecrets backupConfig.allNamespaces", Off(), "high", "Backups leave data out"),
    Setting("gcp:backupdisasterrecovery/*", "backupRules", Fewer(), "high", _NO_BACKUP),
    Setting("gcp:backupdisasterrecovery/*", "backupMinimumEnforcedRetentionDuration backupRetentionDays", Less(0), "high", _BACKUPS),
    Setting("gcp:compute/resourcePolicy:ResourcePolicy", "maxRetentionDays", Less(None), "high", _BACKUPS),
    Setting("gcp:compute/resourcePolicy:ResourcePolicy", "onSourceDiskDelete", On(("apply_retention_policy",)), "medium", "Copies of a deleted disk are deleted, too"),
    Setting("gcp:compute/*", "/resourcePolicies", Fewer(), "high", _NO_BACKUP),
    Setting("gcp:netapp/*", "dailyBackupImmutable weeklyBackupImmutable monthlyBackupImmutable manualBackupImmutable", Off(), "critical", _LOCK),
    Setting("gcp:netapp/*", "dailyBackupLimit weeklyBackupLimit monthlyBackupLimit backupMinimumEnforcedRetentionDays", Less(0), "high", _BACKUPS),
    Setting("gcp:netapp/* gcp:dataproc/*", "scheduledBackupEnabled scheduledBackup.enabled", Off(), "high", _NO_BACKUP),
    Setting("gcp:netapp/*", "backupPolicies", Fewer(), "high", _NO_BACKUP),
    Setting("gcp:spanner/*", "defaultBackupScheduleType", Off(("automatic",)), "high", _NO_BACKUP),
    Setting("gcp:compute/*", "retentionDurationDays", Less(None), "high", "Deleted copies are kept for a shorter time"),
    # images, logs, messages, secrets, keys
    Setting("gcp:artifactregistry/*", "/cleanupPolicies", Extra(fields=(("action", "delete"),)), "medium", _IMAGES),
    Setting("gcp:artifactregistry/*", "/cleanupPolicies", Fewer(), "medium", _IMAGES),
    Setting("gcp:artifactregistry/*", "cleanupPolicies.action", On(("delete",)), "medium", _IMAGES),
    Setting("gcp:artifactregistry/*", "cleanupPolicies.condition.olderThan cleanupPolicies.mostRecentVersions.keepCount", Less(None), "medium", _IMAGES),
    Setting("gcp:artifactregistry/*", "condition.tagState", On(("any", "tagged"), default="any"), "medium", _IMAGES),
    Setting("gcp:artifactregistry/*", "cleanupPolicyDryRun", Off(), "medium", "The clean-up deletes images now"),
    Setting("gcp:logging/*BucketConfig:*", "retentionDays", Less(30), "high", "Logs are kept for a shorter time"),
    Setting("gcp:logging/*BucketConfig:*", "/locked", Off(), "critical", _LOCK),
    Setting("gcp:pubsub/*", "messageRetentionDuration", Less(7), "medium", "Messages are kept for a shorter time"),
    Setting("gcp:pubsub/subscription:Subscription", "expirationPolicy.ttl", Less(31, forever=(0,)), "medium", "It is deleted when nobody reads for a time"),
    Setting("gcp:pubsub/subscription:Subscription", "retainAckedMessages", Off(), "medium", "Messages that were read cannot be read again"),
    Setting("gcp:secretmanager/*", "/ttl", _FOREVER, "critical", "The secret is deleted after a time"),
    Setting("gcp:secretmanager/*", "/expireTime", Earlier(), "critical", "The secret is deleted at a date"),
    Setting("gcp:secretmanager/*", "versionDestroyTtl", Less(0), "high", "A destroyed version of the secret is gone sooner"),
    Setting("gcp:kms/*", "destroyScheduledDuration", Less(30), "high", "A destroyed key is gone sooner, with everything that it encrypts"),
    Setting("gcp:vertex/*", "onlineStorageTtlDays offlineStorageTtlDays", _FOREVER, "high", _EXPIRES),
    Setting("gcp:dataproc/*", "autoDeleteTtl idleDeleteTtl", _FOREVER, "medium", "The cluster is deleted after a time"),
    Setting("gcp:dataproc/*", "autoDeleteTime", Earlier(), "medium", "The cluster is deleted at a date"),
    Setting("gcp:healthcare/*", "disableResourceVersioning", On(), "high", "Former versions are no longer kept"),
)  # fmt: skip
