"""Access to places of the store: a role on each container."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from mlplatform.backends.azure.identity.grants import grant_role
from mlplatform.backends.azure.roles import RoleName
from mlplatform.components.artifact_store import StoreAccess
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import Place


def grant_places(
    scope: Scope, identity: Identity, access: StoreAccess, containers: Mapping[Place, pulumi.Output[str]]
) -> None:
    """Grant access to containers, by place; keys need no role, because the account unwraps them itself."""
    role: RoleName = "blob-contributor" if access == "write" else "blob-reader"
    for place, container_id in containers.items():
        grant_role(scope, place, role, on=container_id, to=identity)
