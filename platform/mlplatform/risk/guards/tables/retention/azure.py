"""Azure: how long data, copies and logs are kept."""

from __future__ import annotations

from mlplatform.risk.guards.directions import Appears, Fewer, Gone, Less, More, Off, On, Ranked
from mlplatform.risk.guards.rows import Guard, Row, Setting

_SHORTER = "It is kept for a shorter time"
_BACKUPS = "Backups are kept for a shorter time"
_NO_BACKUP = "No further backups are made"
_NO_PITR = "It can no longer be restored to a point in time"
_EXPIRES = "Its data is deleted after a time"
_LOCK = "Its lock against deletion is weaker"
_NO_COPY = "It is no longer copied to another place"
_DELETED = "What is deleted can no longer be recovered"

_IMMUTABLE = "https://learn.microsoft.com/azure/storage/blobs/immutable-storage-overview"
_SOFT = "https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview"
_REDUNDANCY = "https://learn.microsoft.com/azure/storage/common/storage-redundancy"
_TTL = "https://learn.microsoft.com/azure/cosmos-db/nosql/time-to-live"
_REPLICATED = (
    "standard_grs",
    "standard_ragrs",
    "standard_gzrs",
    "standard_ragzrs",
    "standardv2_grs",
    "standardv2_gzrs",
)
_ZONED = ("standard_zrs", "premium_zrs", "standardv2_zrs", *_REPLICATED)
_ENDLESS = Less(-1, forever=(-1, 0))
"""-1, zero and nothing mean that there is no end."""

AZURE: tuple[Row, ...] = (
    # stores
    Setting("azure-native:storage:*", "deleteRetentionPolicy.enabled containerDeleteRetentionPolicy.enabled shareDeleteRetentionPolicy.enabled", Off(), "high", _DELETED, source=_SOFT),
    Setting("azure-native:storage:*", "deleteRetentionPolicy.days containerDeleteRetentionPolicy.days shareDeleteRetentionPolicy.days", Less(0), "high", "Deleted data is kept for a shorter time", source=_SOFT),
    Setting("azure-native:storage:*", "deleteRetentionPolicy containerDeleteRetentionPolicy shareDeleteRetentionPolicy", Gone(), "high", _DELETED, source=_SOFT),
    Setting("azure-native:storage:*", "allowPermanentDelete", On(), "high", "Deleted data can be removed for good at once", source=_SOFT),
    Setting("azure-native:storage:*", "restorePolicy.enabled", Off(), "high", _NO_PITR),
    Setting("azure-native:storage:*", "restorePolicy.days", Less(0), "high", _NO_PITR),
    Setting("azure-native:storage:*", "changeFeed.enabled", Off(), "medium", "Changes of blobs are no longer recorded"),
    Setting("azure-native:storage:*", "immutableStorageWithVersioning.enabled", Off(), "critical", _LOCK, source=_IMMUTABLE),
    Setting("azure-native:storage:*", "immutableStorageWithVersioning immutabilityPolicy", Gone(), "critical", _LOCK, source=_IMMUTABLE),
    Setting("azure-native:storage:*", "immutabilityPolicy.state", Ranked(("disabled", "unlocked", "locked")), "critical", _LOCK, source=_IMMUTABLE),
    Setting("azure-native:storage:*", "immutabilityPeriodSinceCreationInDays", Less(0), "critical", _LOCK, source=_IMMUTABLE),
    Setting("azure-native:storage:*", "allowProtectedAppendWrites allowProtectedAppendWritesAll", On(), "medium", "Locked blobs can be appended to", source=_IMMUTABLE),
    Guard("azure-native:storage:BlobContainerImmutabilityPolicy azure-native:storage:BlobContainerLegalHold", "critical", _LOCK, source=_IMMUTABLE),
    Setting("azure-native:storage:BlobContainerLegalHold", "/tags", Fewer(), "critical", "A legal hold ends", source=_IMMUTABLE),
    Guard("azure-native:storage:BlobServiceProperties azure-native:storage:FileServiceProperties", "high", _DELETED, source=_SOFT),
    Guard("azure-native:storage:ObjectReplicationPolicy", "high", _NO_COPY),
    Setting("azure-native:storage:ObjectReplicationPolicy", "/rules", Fewer(), "high", _NO_COPY),
    Setting("azure-native:storage:StorageAccount", "sku.name", Off(_REPLICATED), "high", _NO_COPY, source=_REDUNDANCY),
    Setting("azure-native:storage:StorageAccount", "sku.name", Off(_ZONED), "medium", "It is kept in one zone only", source=_REDUNDANCY),
    # databases
    Setting("azure-native:cosmosdb:* azure-native:*:DatabaseAccount", "resource.defaultTtl defaultTtl analyticalStorageTtl", _ENDLESS, "high", _EXPIRES, source=_TTL),
    Setting("azure-native:cosmosdb:* azure-native:*:DatabaseAccount", "options.expireAfterSeconds expireAfterSeconds", _ENDLESS, "high", _EXPIRES),
    Setting("azure-native:cosmosdb:* azure-native:*:DatabaseAccount", "backupPolicy.type", Ranked(("periodic", "continuous"), default="periodic"), "high", _NO_PITR),
    Setting("azure-native:cosmosdb:* azure-native:*:DatabaseAccount", "continuousModeProperties.tier", Ranked(("continuous7days", "continuous30days"), default="continuous30days"), "high", _BACKUPS),
    Setting("azure-native:cosmosdb:* azure-native:*:DatabaseAccount", "backupIntervalInMinutes", More(240), "medium", "Backups are made less often"),
    Setting("azure-native:cosmosdb:* azure-native:*:DatabaseAccount", "backupRetentionIntervalInHours", Less(8), "high", _BACKUPS),
    Setting("azure-native:cosmosdb:* azure-native:sql:* azure-native:dbfor*", "backupStorageRedundancy requestedBackupStorageRedundancy", Ranked(("local", "zone", "geo", "geozone"), default="geo"), "high", "Backups are kept in fewer places"),
    Setting("azure-native:dbfor*", "geoRedundantBackup", Off(), "high", "Backups are kept in fewer places"),
    Setting("azure-native:dbfor* azure-native:sql:*", "backupRetentionDays retentionDays", Less(7), "high", _BACKUPS),
    Setting("azure-native:sql:*", "weeklyRetention monthlyRetention yearlyRetention", Less(0), "high", _BACKUPS),
    Guard("azure-native:sql:LongTermRetentionPolicy azure-native:sql:BackupLongTermRetentionPolicy azure-native:sql:BackupShortTermRetentionPolicy azure-native:sql:ManagedInstanceLongTermRetentionPolicy azure-native:sql:FailoverGroup", "high", _BACKUPS),
    Setting("azure-native:kusto:* azure-native:synapse:*", "softDeletePeriod", Less(None), "high", _SHORTER),
    Setting("azure-native:redis:*", "rdbBackupEnabled aofBackupEnabled", Off(), "high", _NO_BACKUP),
    # backups
    Guard("azure-native:recoveryservices:ProtectedItem azure-native:recoveryservices:ProtectionPolicy azure-native:dataprotection:BackupInstance azure-native:dataprotection:BackupPolicy azure-native:netapp:BackupPolicy azure-native:netapp:SnapshotPolicy", "high", _NO_BACKUP),
    Setting("azure-native:recoveryservices:ProtectedItem", "protectionState", On(("protectionstopped", "backupssuspended")), "high", _NO_BACKUP),
    Setting("azure-native:recoveryservices:*", "retentionDuration.count instantRpRetentionRangeInDays snapshotRetentionInDays", Less(None), "high", _BACKUPS),
    Setting("azure-native:recoveryservices:*", "dailySchedule weeklySchedule monthlySchedule yearlySchedule", Gone(), "high", _BACKUPS),
    Setting("azure-native:recoveryservices:* azure-native:dataprotection:*", "immutabilitySettings.state", Ranked(("disabled", "unlocked", "locked")), "critical", _LOCK),
    Setting("azure-native:recoveryservices:* azure-native:dataprotection:*", "softDeleteSettings.state softDeleteSettings.softDeleteState", Off(("on", "alwayson", "enabled"), default="on"), "high", _DELETED),
    Setting("azure-native:recoveryservices:* azure-native:dataprotection:*", "softDeleteRetentionPeriodInDays retentionDurationInDays", Less(14), "high", "Deleted backups are kept for a shorter time"),
    Setting("azure-native:recoveryservices:*", "standardTierStorageRedundancy", Ranked(("locallyredundant", "zoneredundant", "georedundant"), default="georedundant"), "high", "Backups are kept in fewer places"),
    Setting("azure-native:recoveryservices:*", "crossRegionRestore", Off(), "medium", "Backups cannot be restored in the other region"),
    Setting("azure-native:dataprotection:*", "deleteAfter.duration", Less(None), "high", _BACKUPS),
    Setting("azure-native:dataprotection:BackupPolicy", "policyRules", Fewer(), "high", _NO_BACKUP),
    Setting("azure-native:netapp:*", "dailyBackupsToKeep weeklyBackupsToKeep monthlyBackupsToKeep snapshotsToKeep", Less(0), "high", _BACKUPS),
    Setting("azure-native:netapp:BackupPolicy azure-native:netapp:SnapshotPolicy", "/enabled", Off(), "high", _NO_BACKUP),
    # images, logs, messages, vaults
    Setting("azure-native:containerregistry:*", "retentionPolicy.status", On(), "medium", "Images without a tag are deleted after a time"),
    Setting("azure-native:containerregistry:*", "retentionPolicy.days", Less(None), "medium", "Images without a tag are deleted sooner"),
    Setting("azure-native:containerregistry:*", "softDeletePolicy.status", Off(), "high", _DELETED),
    Setting("azure-native:containerregistry:*", "softDeletePolicy.retentionDays", Less(7), "high", "Deleted images are kept for a shorter time"),
    Setting("azure-native:compute:Gallery", "isSoftDeleteEnabled", Off(), "high", _DELETED),
    Setting("azure-native:operationalinsights:Workspace azure-native:applicationinsights:Component", "retentionInDays", Less(30), "high", "Logs are kept for a shorter time"),
    Setting("azure-native:operationalinsights:Table", "retentionInDays totalRetentionInDays", Less(None, forever=(-1,)), "high", "Logs are kept for a shorter time"),
    Setting("azure-native:keyvault:*", "softDeleteRetentionInDays", Less(90), "high", "Deleted keys and secrets are kept for a shorter time"),
    Setting("azure-native:keyvault:*", "attributes.expires", Appears(), "medium", "The key or secret ends at a date"),
    Setting("azure-native:eventhub:*", "messageRetentionInDays retentionTimeInHours", Less(None), "medium", "Messages are kept for a shorter time"),
    Setting("azure-native:servicebus:*", "defaultMessageTimeToLive", _ENDLESS, "medium", "Messages are kept for a shorter time"),
    Setting("azure-native:servicebus:*", "deadLetteringOnMessageExpiration", Off(), "medium", "Messages that expire are dropped"),
    Setting("azure-native:machinelearningservices:*", "isArchived", On(), "medium", "It is archived, and is not listed any more"),
    Setting("azure-native:network:FlowLog azure-native:monitor:*", "retentionPolicy.days", Less(0, forever=(0,)), "high", "Logs are kept for a shorter time"),
)  # fmt: skip
