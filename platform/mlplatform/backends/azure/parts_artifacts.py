"""What Azure components hand to each other about the store and the registries. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi

from mlplatform.components.artifact_store import StoreAccess, StoreParts
from mlplatform.components.context import Scope
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ImageRegistryParts, ModelRegistryParts
from mlplatform.spec.artifact_store import Place


@dataclass(frozen=True, kw_only=True)
class AzurePlace:
    """The blob container of one place, made here or there before."""

    account_id: pulumi.Output[str]
    """Resource id of its storage account."""

    account_name: pulumi.Input[str]
    """Physical name of its storage account, plain where it is known beforehand."""

    group_name: pulumi.Output[str]
    """Resource group of its storage account."""

    name: pulumi.Input[str]
    """Name of the container."""

    id: pulumi.Output[str]
    """Resource id of the container, the scope of role assignments."""

    url: pulumi.Output[str]
    """`https://<account>.blob.core.windows.net/<container>`."""


@dataclass(frozen=True, kw_only=True)
class AzureContainer(AzurePlace):
    """A blob container made here."""

    account_name: str
    """Physical name of its storage account."""

    name: str
    """Name of the container."""


@dataclass(frozen=True, kw_only=True)
class AzureStore(StoreParts):
    """Blob containers; places that are write-once have a storage account of their own."""

    scope: Scope
    """The store's own scope: grants become its children."""

    account_id: pulumi.Output[str]
    """Resource id of the main storage account."""

    account_name: str
    """Physical name of the main storage account."""

    containers: Mapping[Place, AzurePlace]
    """Container by place."""

    ready: tuple[pulumi.Resource, ...]
    """Private endpoints and services: what reads or writes the store comes after them."""

    def grant(self, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
        """Give an identity access to places, by a role on each container."""
        from mlplatform.backends.azure.grants import grant_store

        grant_store(self, identity, access, places)


@dataclass(frozen=True, kw_only=True)
class AzureImages(ImageRegistryParts):
    """A container registry."""

    scope: Scope
    """The registry's own scope: grants become its children."""

    registry_id: pulumi.Output[str]
    """Resource id."""

    registry_name: str
    """Physical name."""

    login_server: pulumi.Output[str]
    """`<name>.azurecr.io`."""

    ready: tuple[pulumi.Resource, ...]
    """The private endpoint: what pulls comes after it."""

    def grant(self, identity: Identity, access: Literal["pull", "push"]) -> None:
        """Let an identity pull, or pull and push, images of every repository."""
        from mlplatform.backends.azure.grants import grant_images

        grant_images(self, identity, access)


@dataclass(frozen=True, kw_only=True)
class AzureWorkspace(ModelRegistryParts):
    """The machine learning workspace that holds models and endpoints; `model_registry` makes it."""

    scope: Scope
    """The model registry's own scope: grants become its children."""

    workspace_id: pulumi.Output[str]
    """Resource id."""

    workspace_name: str
    """Physical name."""

    ready: tuple[pulumi.Resource, ...]
    """What must stand before an endpoint or a model is made in it."""
