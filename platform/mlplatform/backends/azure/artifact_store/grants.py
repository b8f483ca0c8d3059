"""Access to places of the store: a role on each container."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from mlplatform.backends.azure.foundation.roles import RoleName, make_custom_role
from mlplatform.backends.azure.identity.grants import grant_custom_role, grant_role
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import Place, StoreAccess

_ROLES: Mapping[StoreAccess, RoleName] = {"read": "blob-reader", "write": "blob-contributor"}


def grant_places(
    scope: Scope, identity: Identity, access: StoreAccess, containers: Mapping[Place, pulumi.Output[str]]
) -> None:
    """Grant access to containers, by place; keys need no role, because the account unwraps them itself."""
    role = _ROLES[access]
    for place, container_id in containers.items():
        grant_role(scope, place, role, on=container_id, to=identity)


def grant_additions(
    scope: Scope, identity: Identity, role_id: pulumi.Output[str], containers: Mapping[Place, pulumi.Output[str]]
) -> None:
    """Grant the creation of blobs whose names are free."""
    for place, container_id in containers.items():
        grant_custom_role(scope, f"{place}-add", role_id, on=container_id, to=identity, condition=_NEW_BLOBS)


def make_adding_role(scope: Scope) -> pulumi.Output[str]:
    """A role that creates blobs. Azure has none: each of its own that creates may replace and delete too."""
    return make_custom_role(
        scope,
        "add-role",
        "store-add",
        "Creates new blobs; changes and deletes none",
        actions=["Microsoft.Storage/storageAccounts/blobServices/containers/read"],
        data_actions=[f"{_BLOBS}/add/action", f"{_BLOBS}/write"],
    ).id


def grant_folders(
    scope: Scope,
    identity: Identity,
    place: Place,
    container_id: pulumi.Output[str],
    folders: Sequence[str],
    access: StoreAccess,
) -> None:
    """Grant access to the blobs below folders of a container, and to their listing.

    In one assignment: Azure refuses a second of the same role to the same identity there, whatever its condition.
    """
    grant_role(scope, place, _ROLES[access], on=container_id, to=identity, condition=_below(folders))


_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"


_NEW_BLOBS = (
    f"(!(ActionMatches{{'{_BLOBS}/write'}} AND SubOperationMatches{{'Blob.Write.WithTagHeaders'}})"
    f" OR (@Resource[{_BLOBS}:path] StringEquals '/'))"
)
"""No blob's path is a slash: what gives a blob its content (Put Blob, Put Block List, Copy Blob) is allowed as
`add/action` alone, which creates, and not as `write`, which replaces; the blocks of a large file are written before.

https://learn.microsoft.com/azure/storage/blobs/storage-auth-abac-attributes
"""


def _below(folders: Sequence[str]) -> str:
    """What a role holds for, in Azure's language of conditions; of a listing, the prefix that is asked for.

    https://learn.microsoft.com/azure/storage/blobs/storage-auth-abac-examples
    """
    changes = " AND ".join(
        f"!(ActionMatches{{'{_BLOBS}/{action}'}})" for action in ("write", "add/action", "delete", "move/action")
    )
    read = f"ActionMatches{{'{_BLOBS}/read'}}"

    def within(attribute: str) -> str:
        if len(folders) > 1:
            # shorter: a condition takes 8 KB,
            # https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits
            names = ", ".join(f"'{folder}', '{folder}/*'" for folder in folders)
            return f"({attribute} ForAnyOfAnyValues:StringLike {{{names}}})"
        return f"({attribute} StringEquals '{folders[0]}' OR {attribute} StringStartsWith '{folders[0]}/')"

    path, prefix = within(f"@Resource[{_BLOBS}:path]"), within(f"@Request[{_BLOBS}:prefix]")
    return (
        f"((!({read} AND NOT SubOperationMatches{{'Blob.List'}}) AND {changes}) OR {path})"
        f" AND (!({read} AND SubOperationMatches{{'Blob.List'}}) OR {prefix})"
    )
