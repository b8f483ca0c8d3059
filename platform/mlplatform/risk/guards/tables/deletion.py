"""Guards against deletion: of the clouds, of their providers, of organisations."""

from __future__ import annotations

from mlplatform.risk.guards.directions import Differs, Extra, Fewer, Gone, Off, On, Ranked
from mlplatform.risk.guards.rows import Guard, Opening, Row, Setting

_REFUSES = "The cloud no longer refuses to delete it"
_CONTENTS = "Deleting it now deletes what it contains"
_NO_COPY = "Deleting it now leaves no last copy behind"
_GUARDED = "What it protected can be deleted from now on"
_ON = ("true", "enabled", "on", "active", "delete_protection_enabled", "alwayson")

_LOCKS = "https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources"
_STACKS = "https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks"
_RECLAIM = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming"

DELETION: tuple[Row, ...] = (
    Setting(
        "*",
        "deletionProtection deletionProtectionEnabled enableDeletionProtection deleteProtection deleteProtectionState"
        " enablePurgeProtection enableSoftDelete isSoftDeleteEnabled softDeleteState disableApiTermination"
        " terminationProtection terminationProtectionEnabled",
        Off(_ON),
        "high",
        _REFUSES,
    ),
    Setting(
        "*",
        "enableDropProtection availabilityZoneChangeProtection firewallPolicyChangeProtection subnetChangeProtection"
        " managedTerminationProtection mutationProtection transferLock replicationOverwrite blockDeletionBeforeEndOfLife"
        " protectFromScaleSetActions",
        Off(_ON),
        "high",
        _REFUSES,
    ),
    Setting("*", "bypassPolicyLockoutSafetyCheck bypassPolicyLockoutCheck", On(), "high", "Its new policy may shut out everybody"),
    Setting("*", "retainStack retainStacks retainStacksOnAccountRemoval retainPhysicalResources", Off(), "high", _CONTENTS),
    # these are protected where nothing is said
    Setting(
        "gcp:container/cluster:Cluster gcp:sql/databaseInstance:DatabaseInstance gcp:bigquery/table:Table"
        " gcp:cloudrunv2/service:Service gcp:cloudrunv2/job:Job gcp:workflows/workflow:Workflow"
        " gcp:alloydb/cluster:Cluster gcp:spanner/database:Database gcp:container/attachedCluster:AttachedCluster",
        "/deletionProtection",
        Off(_ON, default="true"),
        "high",
        _REFUSES,
    ),
    Setting(
        "*",
        "forceDestroy forceDelete deleteContentsOnDestroy disableOnDestroy",
        On(),
        "high",
        _CONTENTS,
    ),
    Setting(
        "*",
        "skipFinalSnapshot skipFinalBackup deleteAutomatedBackups",
        On(),
        "high",
        _NO_COPY,
    ),
    Setting("gcp:sql/*", "finalBackupConfig.enabled", Off(), "high", _NO_COPY),
    Setting("gcp:sql/*", "retainBackupsOnDelete", Off(), "high", _NO_COPY),
    Setting("*", "disableApiStop protectFromScaleIn newInstancesProtectedFromScaleIn", Off(), "medium", _REFUSES),
    Setting("*", "immediatePurgeDataOn30Days enablePurge", On(), "high", "Deleted data can no longer be recovered"),
    Setting("*", "bypassSnaplockEnterpriseRetention ignoreBackupPlanReferences", On(), "critical", "Its lock is passed by"),
    Setting("aws:*", "skipDestroy", Off(), "medium", "Deleting it from the stack will now delete it from the cloud"),
    Setting("*", "ebs.deleteOnTermination", On(), "medium", "Its disk goes with the machine"),
    Setting(
        "azure-native:*", "deleteOption", On(("delete",)), "medium", "It goes with the machine that it is attached to"
    ),
    Setting(
        "gcp:*",
        "/deletionPolicy",
        Ranked(("force", "delete", "abandon", "prevent"), default="delete"),
        "high",
        "Deleting it from the stack will now delete it from the cloud",
    ),
    Setting(
        "*", "deletionPolicy", Off(("retain", "orphan", "snapshot", "abandon", "prevent")), "high", _CONTENTS
    ),
    Guard("gcp:resourcemanager/lien:Lien", "high", _GUARDED),
    Guard("*:ManagementLock*", "high", _GUARDED, source=_LOCKS),
    Setting("*:ManagementLock*", "level", Off(("cannotdelete", "readonly")), "high", _GUARDED, source=_LOCKS),
    Setting("*:ManagementLock*", "level", Ranked(("cannotdelete", "readonly")), "medium", "It can be changed from now on", source=_LOCKS),
    Setting("azure-native:resources:DeploymentStack*", "denySettings.mode", Off(("denydelete", "denywriteanddelete")), "high", _GUARDED, source=_STACKS),
    Setting("azure-native:resources:DeploymentStack*", "denySettings.excludedActions denySettings.excludedPrincipals", Extra(), "high", _GUARDED, source=_STACKS),
    Setting("azure-native:resources:DeploymentStack*", "actionOnUnmanage.*", On(("delete",)), "high", _CONTENTS, source=_STACKS),
    Setting("kubernetes:*:PersistentVolume", "persistentVolumeReclaimPolicy", Off(("retain",)), "high", "Its data goes with the claim", source=_RECLAIM),
    Setting("kubernetes:*:StorageClass", "reclaimPolicy", Off(("retain",)), "high", "Data of its volumes goes with the claim", source=_RECLAIM),
    Setting("kubernetes:*:StatefulSet", "persistentVolumeClaimRetentionPolicy.*", On(("delete",)), "high", "Its volumes go with it"),
    Setting("kubernetes:*", "finalizers", Gone(), "medium", "It is deleted without its own clean-up"),
    Guard("azure-native:authorization:DenyAssignment*", "high", _GUARDED),
    Guard("azure-native:authorization:PolicyAssignment azure-native:authorization:PolicySetDefinition*", "high", "The organisation's rule is no longer enforced"),
    Setting("azure-native:authorization:PolicyAssignment", "enforcementMode", On(("donotenforce",)), "high", "The organisation's rule is no longer enforced"),
    Setting("azure-native:authorization:PolicyAssignment", "notScopes", Extra(), "high", "The organisation's rule leaves a scope out"),
    Setting("azure-native:authorization:PolicyAssignment", "overrides resourceSelectors", Extra(), "high", "The organisation's rule leaves resources out"),
    Setting("azure-native:authorization:PolicyAssignment", "parameters.effect.value", Off(("deny", "denyaction", "modify", "deployifnotexists")), "high", "The organisation's rule is no longer enforced"),
    Setting("azure-native:authorization:PolicyAssignment", "parameters.*.value", Fewer(), "medium", "The organisation's rule is about less"),
    Setting("azure-native:authorization:PolicyAssignment", "parameters.*.value", Differs(), "medium", "The organisation's rule is about something else"),
    Setting("azure-native:authorization:PolicyDefinition*", "policyRule.then.effect", Off(("deny", "denyaction", "modify", "deployifnotexists")), "high", "The organisation's rule is no longer enforced"),
    Opening("azure-native:authorization:PolicyExemption", "high", "Something is exempt from a rule of the organisation"),
)  # fmt: skip
