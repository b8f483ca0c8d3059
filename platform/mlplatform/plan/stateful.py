"""Stateful resources, whose contents cannot be recreated: data, keys, images, logs, the cluster's state."""

from __future__ import annotations

from mlplatform.plan.model import Step

_KINDS = frozenset(
    {
        "Bucket",
        "BucketV2",
        "BlobContainer",
        "StorageAccount",
        "FileShare",
        "Table",
        "Key",
        "CryptoKey",
        "KeyRing",
        "Vault",
        "Secret",
        "SecretVersion",
        "Repository",
        "Registry",
        "Cluster",
        "ManagedCluster",
        "LogGroup",
        "ProjectBucketConfig",
        "Workspace",
        "AzureMonitorWorkspace",
        "Grafana",
        "ModelPackageGroup",
        "ModelContainer",
        "Pipeline",  # SageMaker deletes with it what it kept of its runs
        "FileSystem",
        "MlflowApp",
        "LustreFileSystem",
        "AmlFilesystem",
        "Instance",
        "Database",
        "DatabaseInstance",
        "Server",
        "Topic",
        "FeatureGroup",
        "AiFeatureOnlineStore",
        "Dataset",
    }
)
_ALSO = frozenset(
    {
        "aws:mwaa/environment:Environment",  # what Airflow knows of runs
        "gcp:composer/environment:Environment",
    }
)
"""Types whose noun says nothing of what they keep."""
_NOT_STORED = frozenset({"codepipeline", "datapipeline", "ecs", "pubsub", "sns"})
"""Services whose resources are named like stores but store nothing."""
_CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource"


def is_stateful(token: str) -> bool:
    """Whether deleting a resource of this type loses data, by the noun of its type token."""
    service = token.partition(":")[2].partition("/")[0].partition(":")[0]
    return token in _ALSO or (token.rpartition(":")[2] in _KINDS and service not in _NOT_STORED)


def holds_data(step: Step) -> bool:
    """Whether deleting a resource loses data; what AWS's Cloud Control makes is judged by what it makes.

    Args:
        step: the resource.
    """
    made = step.inputs.get("typeName") if step.type == _CLOUD_CONTROL else None
    return is_stateful(made if isinstance(made, str) else step.type)
