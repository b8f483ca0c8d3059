"""One wrong command cannot delete a stateful resource."""

from __future__ import annotations

from mlplatform.checks.predicates import is_true, kept
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.storage import expires_by_age, expires_by_rules

_SWITCHES = (
    ("aws:eks/cluster:Cluster", "deletionProtection", False, ()),
    ("aws:rds/instance:Instance", "deletionProtection", False, ("AWS FSBP RDS.8",)),
    ("aws:rds/cluster:Cluster", "deletionProtection", False, ("AWS FSBP RDS.7",)),
    ("aws:dynamodb/table:Table", "deletionProtectionEnabled", False, ("AWS FSBP DynamoDB.6",)),
    # the provider switches these on by itself
    ("gcp:container/cluster:Cluster", "deletionProtection", True, ()),
    ("gcp:sql/databaseInstance:DatabaseInstance", "deletionProtection", True, ()),
    ("gcp:bigquery/table:Table", "deletionProtection", True, ()),
)
_PROTECTED = (
    "aws:kms/key:Key",
    "aws:ecr/repository:Repository",
    "aws:fsx/lustreFileSystem:LustreFileSystem",
    "gcp:kms/cryptoKey:CryptoKey",
    "gcp:lustre/instance:Instance",
    "azure-native:storagecache:AmlFilesystem",
    "azure-native:storage:StorageAccount",
    "azure-native:keyvault:Vault",
    "azure-native:keyvault:Key",
    "azure-native:containerregistry:Registry",
    "azure-native:containerservice:ManagedCluster",
    "azure-native:machinelearningservices:Workspace",
    "azure-native:dbforpostgresql:Server",
)
_LINK = "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/"


def _guarded(resource: Resource) -> list[CheckFault]:
    step = resource.step
    return (
        []
        if step.protect or step.retain_on_delete
        else [CheckFault("It is not protected: one wrong destroy deletes it.")]
    )


def _bucket(bucket: Resource) -> bool:
    return kept(bucket) and not expires_by_rules(bucket)


RULE = CheckRule(
    id="deletion-protection",
    level="medium",
    topic="recovery",
    title="Stateful resources are protected from deletion",
    why="Otherwise a wrong destroy, or a small change that replaces the resource, deletes data and keys.",
    fix="Protect the resource (the staging and prod profiles do), or enable the cloud's deletion protection.",
    entries=(
        *(
            Entry((token,), is_true(path, "Deletion protection is off.", default=on), refs=refs, link=_LINK, when=kept)
            for token, path, on, refs in _SWITCHES
        ),
        Entry(_PROTECTED, _guarded, refs=("CIS Azure 4.0 7.2",), link=_LINK, when=kept),
        Entry(
            ("gcp:artifactregistry/repository:Repository",),
            _guarded,
            link=_LINK,
            # a cache fills itself again
            when=lambda one: kept(one) and one.text("mode") != "REMOTE_REPOSITORY",
        ),
        Entry(("aws:s3/bucket:Bucket",), _guarded, link=_LINK, when=_bucket, siblings=True),
        Entry(
            ("gcp:storage/bucket:Bucket",),
            _guarded,
            link=_LINK,
            when=lambda bucket: kept(bucket) and not expires_by_age(bucket),
        ),
    ),
)
