"""Parts of the registries. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pulumi

from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.repositories import cached_path
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ImageRegistryParts, ModelRegistryParts
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import Place


@dataclass(frozen=True, kw_only=True)
class AzureImages(ImageRegistryParts):
    """A container registry."""

    scope: Scope
    """The registry's own scope: grants become its children."""

    registry_id: pulumi.Output[str]
    """Resource id."""

    login_server: pulumi.Output[str]
    """`<name>.azurecr.io`."""

    ready: tuple[pulumi.Resource, ...]
    """The private endpoint, a prerequisite of pulls; empty where the owner of an existing registry has one."""

    def grant(self, identity: Identity, access: Literal["pull", "push"]) -> None:
        """Let an identity pull, or pull and push, images of every repository."""
        from mlplatform.backends.azure.registry.grants import grant_images

        grant_images(self.scope, self.registry_id, identity, access)

    def pull_address(self, reference: str) -> pulumi.Output[str]:
        """The address an image is pulled from: this registry's where it caches the image's public registry."""
        cached = cached_path(self.scope.spec, reference)
        return pulumi.Output.concat(self.login_server, "/", cached) if cached else pulumi.Output.from_input(reference)


@dataclass(frozen=True, kw_only=True)
class AzureModels(ModelRegistryParts):
    """The machine learning workspace that holds models and endpoints, with what its endpoints share."""

    scope: Scope
    """The model registry's own scope: grants become its children."""

    workspace_id: pulumi.Output[str]
    """Resource id."""

    workspace_name: str
    """Physical name."""

    storage_id: pulumi.Output[str]
    """Resource id of the workspace's own storage account."""

    ready: tuple[pulumi.Resource, ...]
    """Prerequisites of endpoints and models in it."""

    caller_role_id: pulumi.Output[str]
    """Role definition for sending requests to online endpoints, and nothing else."""

    datastores: Mapping[Place, pulumi.Resource]
    """Datastore by place."""

    roles: dict[str, pulumi.Output[str]] = field(default_factory=dict[str, pulumi.Output[str]])
    """Ids of the workspace's role definitions so far, by right; `role` fills it."""

    shared: dict[str, object] = field(default_factory=dict[str, object])
    """Resources that the first endpoint makes for all others (the environment of sleeping ones)."""

    def grant(self, identity: Identity, access: Literal["read", "register"]) -> None:
        """Let an identity read, or read and register, model versions of this workspace."""
        if access == "register":
            from mlplatform.backends.azure.registry.jobs import grant_register

            grant_register(self, identity)
        else:
            from mlplatform.backends.azure.identity.grants import grant_role

            grant_role(self.scope, "models", "reader", on=self.workspace_id, to=identity)

    def grant_jobs(self, identity: Identity, runs_as: Identity) -> None:
        """Let an identity start jobs and pipelines in this workspace."""
        from mlplatform.backends.azure.registry.jobs import grant_jobs

        grant_jobs(self, identity, runs_as)

    def role(self, right: str, make: Callable[[], pulumi.Output[str]]) -> pulumi.Output[str]:
        """Id of the role definition of a right, which the first grant of it makes."""
        if right not in self.roles:
            self.roles[right] = make()
        return self.roles[right]

    def folder(self, place: Place, path: str) -> str:
        """The long address of a folder in a place, for assets of this workspace."""
        target = self.scope.target(AzureTarget)
        return (
            f"azureml://subscriptions/{target.subscription_id}/resourcegroups/{self.group_name}"
            f"/workspaces/{self.workspace_name}/datastores/{place}/paths/{path.strip('/')}/"
        )

    @property
    def group_name(self) -> str:
        """Physical name of the resource group."""
        return physical_name(self.scope.spec, "resource-group", "rg")
