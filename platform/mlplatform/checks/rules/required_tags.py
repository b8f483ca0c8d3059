"""Resources are tagged with owner, environment, cost center and data class."""

from __future__ import annotations

from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.plan.sources.fields import mapping

_KEYS = ("owner", "environment", "cost-center", "data-class")
_DEFAULTS = ("defaultTags", "defaultLabels")
_TYPES = (
    "aws:ec2/vpc:Vpc",
    "aws:ecr/repository:Repository",
    "aws:eks/cluster:Cluster",
    "aws:eks/nodeGroup:NodeGroup",
    "aws:fsx/lustreFileSystem:LustreFileSystem",
    "aws:iam/role:Role",
    "aws:kms/key:Key",
    "aws:rds/instance:Instance",
    "aws:s3/bucket:Bucket",
    "aws:sagemaker/endpoint:Endpoint",
    "aws:sagemaker/model:Model",
    "aws:sns/topic:Topic",
    "aws:sqs/queue:Queue",
    "gcp:artifactregistry/repository:Repository",
    "gcp:cloudrunv2/service:Service",
    "gcp:container/cluster:Cluster",
    "gcp:kms/cryptoKey:CryptoKey",
    "gcp:lustre/instance:Instance",
    "gcp:pubsub/topic:Topic",
    "gcp:secretmanager/secret:Secret",
    "gcp:storage/bucket:Bucket",
    "azure-native:containerregistry:Registry",
    "azure-native:containerservice:ManagedCluster",
    "azure-native:keyvault:Vault",
    "azure-native:machinelearningservices:OnlineEndpoint",
    "azure-native:machinelearningservices:Workspace",
    "azure-native:network:VirtualNetwork",
    "azure-native:operationalinsights:Workspace",
    "azure-native:resources:ResourceGroup",
    "azure-native:storage:StorageAccount",
    "azure-native:storagecache:AmlFilesystem",
)


def _tagged(resource: Resource) -> list[CheckFault]:
    known = {key.lower().replace("_", "-") for key in (*resource.tags(), *_by_provider(resource))}
    missing = [key for key in _KEYS if key not in known]
    return [CheckFault(f"Tags are missing: {', '.join(missing)}.", "tags")] if missing else []


def _by_provider(resource: Resource) -> list[str]:
    """Tags that its provider adds to every resource."""
    found: list[str] = []
    for provider in resource.index.by_urns([resource.step.provider.rpartition("::")[0]]):
        for name in _DEFAULTS:
            body = provider.document(name)
            found += mapping(body.get("tags", body))
    return found


RULE = CheckRule(
    id="required-tags",
    level="low",
    topic="governance",
    title="Resources are tagged with their owner and data class",
    why="Cost, incident and access reviews start with the owner of a resource.",
    fix="Tag it with owner, environment, cost-center and data-class.",
    entries=(
        Entry(
            _TYPES,
            _tagged,
            refs=("MCSB AM-1",),
            pages={
                "aws": "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
                "gcp": "https://docs.cloud.google.com/resource-manager/docs/best-practices-labels",
                "azure-native": "https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources",
            },
            siblings=True,
        ),
    ),
)
