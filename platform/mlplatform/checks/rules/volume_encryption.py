"""Disks of nodes and machines are encrypted with a customer-managed key."""

from __future__ import annotations

from mlplatform.checks.predicates import both, each, is_true, own_key
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_REASON = "A disk is encrypted with the cloud's key, not with a customer-managed one."


def _pool(pool: Resource) -> list[CheckFault]:
    clusters = pool.index.by_urns(pool.from_others("resourceName"))
    if not clusters or any(cluster.has("diskEncryptionSetID") for cluster in clusters):
        return []
    return [CheckFault(_REASON)]


RULE = CheckRule(
    id="volume-encryption",
    level="high",
    topic="encryption",
    title="Disks are encrypted with customer-managed keys",
    why="Nodes cache training data and model weights on their disks, and snapshots leave the account.",
    fix="Encrypt every disk with one of the platform's keys.",
    entries=(
        Entry(
            ("aws:ec2/launchTemplate:LaunchTemplate",),
            each(
                "blockDeviceMappings",
                both(is_true("ebs.encrypted", "A volume is not encrypted."), own_key("ebs.kmsKeyId", _REASON)),
            ),
            refs=("AWS FSBP EC2.3",),
            link="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
        ),
        Entry(
            ("aws:ebs/volume:Volume",),
            both(is_true("encrypted", "The volume is not encrypted."), own_key("kmsKeyId", _REASON)),
            refs=("AWS FSBP EC2.3",),
            link="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
        ),
        Entry(
            ("aws:efs/fileSystem:FileSystem",),
            both(is_true("encrypted", "The file system is not encrypted."), own_key("kmsKeyId", _REASON)),
            refs=("AWS FSBP EFS.1", "CIS AWS 5.0 2.3.1"),
            link="https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html",
        ),
        Entry(
            ("aws:fsx/lustreFileSystem:LustreFileSystem",),
            own_key("kmsKeyId", _REASON),
            link="https://docs.aws.amazon.com/fsx/latest/LustreGuide/encryption-at-rest.html",
        ),
        Entry(
            ("gcp:lustre/instance:Instance",),
            own_key("kmsKey", _REASON),
            link="https://docs.cloud.google.com/managed-lustre/docs/cmek",
        ),
        Entry(
            ("azure-native:storagecache:AmlFilesystem",),
            own_key("encryptionSettings.keyEncryptionKey.keyUrl", _REASON),
            refs=("MCSB DP-5",),
            link="https://learn.microsoft.com/azure/azure-managed-lustre/customer-managed-encryption-keys",
        ),
        Entry(
            ("gcp:container/nodePool:NodePool",),
            own_key("nodeConfig.bootDiskKmsKey", _REASON),
            refs=("CIS GKE 1.9 5.9.2",),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/using-cmek",
        ),
        Entry(
            ("gcp:compute/disk:Disk",),
            own_key("diskEncryptionKey.kmsKeySelfLink", _REASON),
            refs=("CIS GCP 4.0 4.7",),
            link="https://cloud.google.com/compute/docs/disks/customer-managed-encryption",
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            own_key("diskEncryptionSetID", _REASON),
            refs=("MCSB DP-5",),
            link="https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys",
        ),
        Entry(
            ("azure-native:containerservice:AgentPool",),
            _pool,
            refs=("MCSB DP-5",),
            link="https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys",
            siblings=True,
        ),
        Entry(
            ("azure-native:compute:Disk",),
            own_key("encryption.diskEncryptionSetId", _REASON),
            refs=("MCSB DP-5",),
            link="https://learn.microsoft.com/azure/virtual-machines/disk-encryption",
        ),
    ),
)
