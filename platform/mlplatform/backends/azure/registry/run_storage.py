"""The workspace's own storage account: which of its containers those may write who run jobs and serve."""

from __future__ import annotations

_CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
_CHANGES = ("write", "add/action", "delete", "move/action")


def _writes_only_runs() -> str:
    changes = " AND ".join(f"!(ActionMatches{{'{_CONTAINERS}/blobs/{action}'}})" for action in _CHANGES)
    named = f"@Resource[{_CONTAINERS}:name]"
    return f"({changes}) OR ({named} StringEquals 'azureml' OR {named} StringStartsWith 'azureml-blobstore-')"


WRITES_ONLY_RUNS = _writes_only_runs()
"""Condition of a role on the account: it writes the artefacts of runs (container `azureml`) and the default datastore
(`azureml-blobstore-` and the workspace's id), and reads the rest.

The account also has the code of every job, in containers with ids as names: whoever could change it there would run as
the next job. https://github.com/Azure/azure-sdk-for-python/issues/32680 (2023-10) and, of conditions,
https://learn.microsoft.com/azure/storage/blobs/storage-auth-abac-attributes
"""
