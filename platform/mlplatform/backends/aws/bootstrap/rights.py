"""IAM actions that a planned resource takes. Imports no SDK."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mlplatform.components.bootstrap import Operation, PlannedResource, RightsTable

EMPTYING = frozenset({"s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ListBucketVersions"})
"""Actions that empty a bucket with versions."""
_CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource"


@cache
def rights_table() -> RightsTable:
    """The table beside this file."""
    return RightsTable(Path(__file__).with_name("rights.toml"))


def build(resource: PlannedResource, operation: Operation) -> tuple[str, ...]:
    """The actions of one operation; those that empty a bucket or a repository only where the program says so."""
    table = rights_table()
    if resource.type == _CLOUD_CONTROL:
        return table.of(str(resource.inputs["typeName"]), operation)
    actions = set(table.of(resource.type, operation))
    if operation == "delete" and resource.type == "aws:s3/bucket:Bucket" and resource.inputs.get("forceDestroy"):
        # the provider empties the bucket itself
        actions |= EMPTYING
    if resource.inputs.get("permissionsBoundary"):
        actions.add("iam:PutRolePermissionsBoundary")
    return tuple(sorted(actions))
