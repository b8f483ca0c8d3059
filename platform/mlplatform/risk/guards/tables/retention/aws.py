"""AWS: how long data, copies and logs are kept."""

from __future__ import annotations

from mlplatform.risk.guards.directions import Differs, Earlier, Extra, Fewer, Gone, Less, Off, On, Ranked
from mlplatform.risk.guards.rows import Guard, Opening, Row, Setting

_SHORTER = "It is kept for a shorter time"
_BACKUPS = "Backups are kept for a shorter time"
_NO_BACKUP = "No further backups are made"
_NO_PITR = "It can no longer be restored to a point in time"
_EXPIRES = "Its data is deleted after a time"
_LOCK = "Its lock against deletion is weaker"
_NO_COPY = "It is no longer copied to another place"
_IMAGES = "More images are deleted"

_OBJECT_LOCK = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html"
_VAULT_LOCK = "https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"
_FOREVER = Less(0, forever=(0,))
"""Zero and nothing mean that there is no end."""

AWS: tuple[Row, ...] = (
    Setting("aws:cloudwatch/logGroup:LogGroup", "/retentionInDays", _FOREVER, "high", "Logs are kept for a shorter time"),
    # databases
    Setting("aws:*", "pointInTimeRecovery.enabled pointInTimeRecovery.status pointInTimeRecovery", Off(), "high", _NO_PITR),
    Setting("aws:dynamodb/*", "recoveryPeriodInDays", Less(35), "high", _NO_PITR),
    Setting("aws:dynamodb/*", "ttl.enabled", On(), "high", _EXPIRES),
    Setting("aws:dynamodb/*", "ttl.attributeName", Differs(), "high", "Its data is deleted by another date"),
    Setting("aws:dynamodb/*", "/replicas", Fewer(), "high", _NO_COPY),
    Guard("aws:dynamodb/tableReplica:TableReplica aws:dynamodb/globalTable:GlobalTable", "high", _NO_COPY),
    Setting("aws:keyspaces/*", "ttl.status", On(), "high", _EXPIRES),
    Setting("aws:keyspaces/*", "defaultTimeToLive", _FOREVER, "high", _EXPIRES),
    Setting("aws:*", "backupRetentionPeriod automatedSnapshotRetentionPeriod", Less(1), "high", _BACKUPS),
    Setting("aws:*", "automaticBackupRetentionDays snapshotRetentionLimit", Less(0), "high", _BACKUPS),
    Setting("aws:*", "manualSnapshotRetentionPeriod", Less(-1, forever=(-1,)), "high", _BACKUPS),
    Setting("aws:*", "backupRetentionEnabled", Off(), "high", _NO_BACKUP),
    Setting("aws:kinesis/stream:Stream", "/retentionPeriod", Less(24), "medium", "Records are kept for a shorter time"),
    Setting("aws:kinesis/videoStream:VideoStream", "dataRetentionInHours", Less(0), "high", _SHORTER),
    Setting("aws:sqs/queue:Queue", "/messageRetentionSeconds", Less(345_600), "medium", "Messages are kept for a shorter time"),
    Guard("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication aws:redshift/snapshotCopy:SnapshotCopy aws:redshift/snapshotScheduleAssociation:SnapshotScheduleAssociation aws:redshift/snapshotSchedule:SnapshotSchedule", "high", _NO_BACKUP),
    # backups
    Setting("aws:backup/plan:Plan aws:backup/*", "lifecycle.deleteAfter", _FOREVER, "high", _BACKUPS),
    Setting("aws:backup/plan:Plan", "/rules", Fewer(), "high", _NO_BACKUP),
    Setting("aws:backup/plan:Plan", "rules.copyActions copyActions", Fewer(), "high", _NO_COPY),
    Setting("aws:backup/plan:Plan", "enableContinuousBackup", Off(), "high", _NO_PITR),
    Setting("aws:backup/plan:Plan", "schedule", Gone(), "high", _NO_BACKUP),
    Setting("aws:backup/selection:Selection", "/resources selectionTags", Fewer(), "high", _NO_BACKUP),
    Setting("aws:backup/selection:Selection", "/notResources conditions.*", Extra(), "high", _NO_BACKUP),
    Guard("aws:backup/plan:Plan aws:backup/selection:Selection", "high", _NO_BACKUP),
    Guard("aws:backup/vaultLockConfiguration:VaultLockConfiguration aws:glacier/vaultLock:VaultLock", "critical", _LOCK, source=_VAULT_LOCK),
    Setting("aws:backup/*", "minRetentionDays", Less(1), "critical", _LOCK, source=_VAULT_LOCK),
    Setting("aws:backup/vaultLockConfiguration:VaultLockConfiguration", "changeableForDays", Gone(), "medium", "Its lock stays in governance mode", source=_VAULT_LOCK),
    Guard("aws:efs/backupPolicy:BackupPolicy", "high", _NO_BACKUP),
    Setting("aws:efs/backupPolicy:BackupPolicy", "status", Off(("enabled",)), "high", _NO_BACKUP),
    Guard("aws:efs/replicationConfiguration:ReplicationConfiguration", "high", _NO_COPY),
    Setting("aws:dlm/lifecyclePolicy:LifecyclePolicy", "state", Off(("enabled",), default="enabled"), "high", _NO_BACKUP),
    Setting("aws:dlm/lifecyclePolicy:LifecyclePolicy", "retainRule.count retainRule.interval retainInterval", Less(None), "high", _BACKUPS),
    Setting("aws:dlm/lifecyclePolicy:LifecyclePolicy", "schedules", Fewer(), "high", _NO_BACKUP),
    Guard("aws:dlm/lifecyclePolicy:LifecyclePolicy", "high", _NO_BACKUP),
    # buckets
    Guard("aws:s3/bucketVersioning:BucketVersioning aws:s3/bucketVersioningV2:BucketVersioningV2", "high", "Overwritten and deleted objects are no longer kept as old versions"),
    Setting("aws:s3/*", "mfaDelete", Off(), "high", "Old versions can be deleted without a second factor"),
    Guard("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "high", _NO_COPY),
    Setting("aws:s3/bucketReplicationConfig:BucketReplicationConfig aws:s3/*", "rules.status", Off(("enabled",)), "high", _NO_COPY, where=lambda step: "Replication" in step.type),
    Setting("aws:s3/*", "/rules", Fewer(), "high", _NO_COPY, where=lambda step: "Replication" in step.type),
    Setting("aws:s3/*", "deleteMarkerReplication.status", On(("enabled",)), "medium", "Deletions are copied to the other place, too"),
    Setting("aws:s3/*", "/replicationConfiguration", Gone(), "high", _NO_COPY),
    Guard("aws:s3/bucketObjectLockConfiguration*", "critical", _LOCK, source=_OBJECT_LOCK),
    Setting("aws:s3/*", "defaultRetention.mode objectLockMode", Ranked(("governance", "compliance")), "critical", _LOCK, source=_OBJECT_LOCK),
    Setting("aws:s3/*", "objectLockEnabled", Off(("true", "enabled")), "critical", _LOCK, source=_OBJECT_LOCK),
    Setting("aws:s3/bucketObjectLockConfiguration*", "/rule rule.defaultRetention", Gone(), "critical", _LOCK, source=_OBJECT_LOCK),
    Setting("aws:s3/*", "objectLockLegalHoldStatus", Off(("on",)), "critical", "Its legal hold ends", source=_OBJECT_LOCK),
    Setting("aws:s3/*", "objectLockRetainUntilDate", Earlier(none_is_never=False), "critical", _LOCK, source=_OBJECT_LOCK),
    # images, features, tables
    Setting("aws:ecr/*", "selection.countNumber", Less(None), "medium", _IMAGES),
    Setting("aws:ecr/*", "policy.rules lifecyclePolicy.rules", Extra(), "medium", _IMAGES),
    Setting("aws:ecr/*", "selection.tagStatus", On(("any", "tagged")), "medium", "Tagged images are deleted, too"),
    Setting("aws:ecr/*", "selection.tagPrefixList selection.tagPatternList", Extra(), "medium", _IMAGES),
    Opening("aws:ecr/lifecyclePolicy:LifecyclePolicy", "medium", "Images are deleted after a time", where=lambda step: bool(step.inputs.get("repository"))),
    Guard("aws:ecr/replicationConfiguration:ReplicationConfiguration", "medium", _NO_COPY),
    Setting("aws:sagemaker/*", "ttlDuration.value", _FOREVER, "high", _EXPIRES),
    Setting("aws:sagemaker/*", "/offlineStoreConfig", Gone(), "high", "The history of its features is no longer kept"),
    Setting("aws:glue/*", "numberOfSnapshotsToRetain", Less(1), "high", _SHORTER),
    Setting("aws:glue/*", "cleanExpiredFiles", On(), "high", _EXPIRES),
    Setting("aws:s3tables/*", "minSnapshotsToKeep", Less(1), "high", _SHORTER),
    Setting("aws:s3tables/*", "maxSnapshotAgeHours unreferencedDays nonCurrentDays", Less(None), "high", _SHORTER),
    Setting("aws:*", "eventExpiryDuration workflowExecutionRetentionPeriodInDays", Less(None), "high", _SHORTER),
    Setting("aws:*", "backtrackWindow", Less(0), "high", _NO_PITR),
    Setting("aws:rbin/rule:Rule", "/lockConfiguration", Gone(), "critical", _LOCK),
    Setting("aws:rbin/rule:Rule", "retentionPeriodValue", Less(None), "high", "Deleted copies are kept for a shorter time"),
    Guard("aws:rbin/rule:Rule", "high", "Deleted copies can no longer be recovered"),
    Setting("aws:fsx/*", "snaplockType", Ranked(("enterprise", "compliance")), "critical", _LOCK),
    Setting("aws:storagegateway/*", "retentionLockType", Ranked(("none", "governance", "compliance")), "critical", _LOCK),
    Setting("aws:*", "startReplication isReplicateAutomaticBackups", Off(), "high", _NO_COPY),
    Setting("aws:*", "isBackupRetentionLocked", Off(), "critical", _LOCK),
    # keys and secrets
    Setting("aws:kms/*", "deletionWindowInDays", Less(30), "high", "A deleted key is gone sooner, with everything that it encrypts"),
    Setting("aws:secretsmanager/*", "recoveryWindowInDays", Less(30), "high", "A deleted secret is gone sooner"),
    Setting("aws:elasticbeanstalk/*", "deleteSourceFromS3", On(), "medium", "Its sources are deleted, too"),
    Setting("aws:opensearch/*", "automatedSnapshotStartHour", Gone(), "medium", _NO_BACKUP),
)  # fmt: skip
