"""What a cloud does when a resource is deleted: refuses while it holds something or is guarded, or keeps it for days.

Risk rules tell it and the mock clouds do it, from these rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html"
_ECR = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html"
_KMS = "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html"
_SECRETS = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html"
_EKS = "https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html"
_FSX = "https://docs.aws.amazon.com/fsx/latest/APIReference/API_DeleteFileSystem.html"
_DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html"
_FIRESTORE = "https://docs.cloud.google.com/datastore/docs/manage-databases#delete_protection"
_GCP_LUSTRE = "https://docs.cloud.google.com/managed-lustre/docs/delete-instance"
_AMLFS = "https://learn.microsoft.com/azure/azure-managed-lustre/amlfs-region-recovery"
_GCS = "https://cloud.google.com/storage/docs/deleting-buckets"
_GCP_KMS = "https://cloud.google.com/kms/docs/destroy-restore"
_GCP_KEEPS = "https://www.pulumi.com/registry/packages/gcp/api-docs/kms/cryptokey/#deletionpolicy_yaml"
_GKE = "https://www.pulumi.com/registry/packages/gcp/api-docs/container/cluster/#deletionprotection_yaml"
_GCP_LOGS = "https://cloud.google.com/logging/docs/buckets#delete-bucket"
_VAULT = "https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview"
_STORAGE = "https://learn.microsoft.com/azure/storage/common/storage-account-recover"
_LOG_WORKSPACE = "https://learn.microsoft.com/azure/azure-monitor/logs/delete-workspace"
_ML_WORKSPACE = "https://learn.microsoft.com/azure/machine-learning/concept-soft-delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionRule:
    """What happens to a resource of one type that is deleted."""

    full: str = ""
    """Who refuses to delete it while it holds what, as a sentence without a period; empty where nobody does."""

    emptied_by: str = ""
    """Input that, if true, has the contents deleted too; empty where there is none."""

    guard: str = ""
    """Input that guards it against its deletion; empty where there is none."""

    guarded: object = True
    """The guard's value then."""

    left: str = ""
    """What happens to it then, as a sentence without a period, with `{days}`; empty where it is gone at once."""

    days: int = 0
    """Days for which it can be had back, where no input says so; 0: not said in days."""

    days_in: str = ""
    """Input with these days, in wire names; a duration in seconds ends with `s`. Empty: the days are fixed."""

    source: str
    """The vendor's page."""


DELETIONS: Mapping[str, DeletionRule] = {
    "aws:s3/bucket:Bucket": DeletionRule(
        full="S3 refuses to delete a bucket that holds objects or old versions", emptied_by="forceDestroy", source=_S3
    ),
    "aws:ecr/repository:Repository": DeletionRule(
        full="ECR refuses to delete a repository that holds images", emptied_by="forceDelete", source=_ECR
    ),
    "aws:kms/key:Key": DeletionRule(
        left="The key, and what it encrypts, is unusable at once; it can be had back for {days} days, then never",
        days=30,
        days_in="deletionWindowInDays",
        source=_KMS,
    ),
    "aws:secretsmanager/secret:Secret": DeletionRule(
        left="It can be restored for {days} days, then never", days=30, days_in="recoveryWindowInDays", source=_SECRETS
    ),
    "aws:fsx/lustreFileSystem:LustreFileSystem": DeletionRule(
        left="Every file in it is gone at once: it has no backups", source=_FSX
    ),
    "aws:dynamodb/table:Table": DeletionRule(
        guard="deletionProtectionEnabled",
        left="Its values are gone at once; features are filled again from their tables",
        source=_DYNAMODB,
    ),
    "gcp:firestore/database:Database": DeletionRule(
        guard="deleteProtectionState",
        guarded="DELETE_PROTECTION_ENABLED",
        left="Its values are gone at once; features are filled again from their tables",
        source=_FIRESTORE,
    ),
    "gcp:lustre/instance:Instance": DeletionRule(
        guard="deletionPolicy",
        guarded="PREVENT",
        left="Every file in it is gone at once: the service has no backups",
        source=_GCP_LUSTRE,
    ),
    "azure-native:storagecache:AmlFilesystem": DeletionRule(
        left="Every file in it is gone at once: the service has no backups", source=_AMLFS
    ),
    "aws:eks/cluster:Cluster": DeletionRule(guard="deletionProtection", source=_EKS),
    "gcp:storage/bucket:Bucket": DeletionRule(
        full="The provider refuses to delete a bucket that holds objects", emptied_by="forceDestroy", source=_GCS
    ),
    "gcp:kms/keyRing:KeyRing": DeletionRule(
        left="It leaves the stack only: Google never deletes a key ring, and its name stays taken", source=_GCP_KMS
    ),
    "gcp:kms/cryptoKey:CryptoKey": DeletionRule(
        guard="deletionPolicy",
        guarded="PREVENT",
        left="Its versions, and what they encrypt, are unusable at once; they can be restored for {days} days, then "
        "never",
        days=30,
        days_in="destroyScheduledDuration",
        source=_GCP_KMS,
    ),
    "gcp:container/cluster:Cluster": DeletionRule(guard="deletionProtection", source=_GKE),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": DeletionRule(
        left="Its logs can be had back for {days} days", days=7, source=_GCP_LOGS
    ),
    "azure-native:keyvault:Vault": DeletionRule(
        left="What its keys encrypt is unusable at once; the vault can be recovered for {days} days",
        days=90,
        days_in="properties.softDeleteRetentionInDays",
        source=_VAULT,
    ),
    "azure-native:keyvault:Key": DeletionRule(
        left="What it encrypts is unusable at once; it can be recovered for as long as its vault says", source=_VAULT
    ),
    "azure-native:storage:StorageAccount": DeletionRule(
        left="Everything in it goes with it; Azure can often recover the account for {days} days, while no other one "
        "has its name",
        days=14,
        source=_STORAGE,
    ),
    "azure-native:machinelearningservices:Workspace": DeletionRule(
        left="It can be recovered for {days} days", days=14, source=_ML_WORKSPACE
    ),
    "azure-native:operationalinsights:Workspace": DeletionRule(
        left="It and its logs can be recovered for {days} days", days=14, source=_LOG_WORKSPACE
    ),
}
"""By type token."""
