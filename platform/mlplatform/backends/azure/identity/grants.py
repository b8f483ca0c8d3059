"""Access that components hand out, as roles on the smallest scope that does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mlplatform.backends.azure.artifact_store.parts import AzureStore
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.registry.parts import AzureImages
from mlplatform.backends.azure.roles import RoleName, assign
from mlplatform.components.artifact_store import StoreAccess
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.spec.artifact_store import Place


def grant_store(store: AzureStore, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
    """A role on each place's container; keys need none, because the account unwraps them itself."""
    parts = native(identity.parts, AzureIdentity)
    role: RoleName = "blob-contributor" if access == "write" else "blob-reader"
    for place in places:
        container = store.containers[place]
        parts.grants.extend(
            assign(store.scope, place, role, on=container.id, to=principal) for principal in parts.principals
        )


def grant_images(images: AzureImages, identity: Identity, access: Literal["pull", "push"]) -> None:
    """A role on the registry: Azure has one role assignment for all of its repositories."""
    parts = native(identity.parts, AzureIdentity)
    role: RoleName = "acr-push" if access == "push" else "acr-pull"
    parts.grants.extend(
        assign(images.scope, "images", role, on=images.registry_id, to=principal) for principal in parts.principals
    )
