"""Stateful resources, whose contents cannot be recreated: data, keys, images, logs, the cluster's state."""

from __future__ import annotations

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
    }
)
_NOT_STORED = frozenset({"codepipeline", "datapipeline", "ecs", "pubsub", "sns"})
"""Services whose resources are named like stores but store nothing."""


def is_stateful(token: str) -> bool:
    """Whether deleting a resource of this type loses data, by the noun of its type token."""
    service = token.partition(":")[2].partition("/")[0].partition(":")[0]
    return token.rpartition(":")[2] in _KINDS and service not in _NOT_STORED
