"""What the registries hands to the other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pulumi

from mlplatform.components.context import Scope
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ImageRegistryParts, ModelRegistryParts


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
        from mlplatform.backends.azure.identity.grants import grant_images

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
