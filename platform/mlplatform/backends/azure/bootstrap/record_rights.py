"""What the deployer may do with the copy of the record of releases, which gates read."""

from __future__ import annotations

from mlplatform.backends.azure.addresses import place_container
from mlplatform.components.record_copy import compares
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import COPY_PATH

_ACTIONS = tuple(
    f"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/{verb}" for verb in ("read", "write")
)
"""A blob that is replaced, or made, by one request with its content."""


def copy_actions(spec: PlatformSpec) -> list[str]:
    """Actions on data; none where no gate reads the copy."""
    return list(_ACTIONS) if compares(spec) else []


def with_copy(condition: str, spec: PlatformSpec) -> str:
    """A condition under which these actions hold for one blob too.

    https://learn.microsoft.com/azure/storage/blobs/storage-auth-abac-attributes

    Args:
        condition: of the same assignment.
        spec: narrowed to Azure.
    """
    if not compares(spec):
        return condition
    account, container = place_container(spec, "models")
    others = " AND ".join(f"!(ActionMatches{{'{action}'}})" for action in _ACTIONS)
    services = "Microsoft.Storage/storageAccounts"
    held = {
        f"{services}:name": account,
        f"{services}/blobServices/containers:name": container,
        f"{services}/blobServices/containers/blobs:path": COPY_PATH,
    }
    only = " AND ".join(f"@Resource[{name}] StringEquals '{value}'" for name, value in held.items())
    return f"{condition} AND (({others}) OR ({only}))"
