"""IAM permissions that a planned resource takes. Imports no SDK."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mlplatform.components.bootstrap import Operation, PlannedResource, RightsTable


@cache
def rights_table() -> RightsTable:
    """The table beside this file."""
    return RightsTable(Path(__file__).with_name("rights.toml"))


def build(resource: PlannedResource, operation: Operation) -> tuple[str, ...]:
    """The permissions of one operation; those that empty a bucket only where the program says so."""
    permissions = set(rights_table().of(resource.type, operation))
    if operation == "delete" and resource.inputs.get("forceDestroy"):
        # the provider empties the bucket itself
        permissions |= {"storage.objects.delete", "storage.objects.list"}
    return tuple(sorted(permissions))
