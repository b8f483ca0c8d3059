"""Parts of the artifact store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from mlplatform.components.artifact_store import StoreParts
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import Place, StoreAccess

LEDGERS = "ledgers"
"""Container of what the door decides, in the main account. The door makes it."""

ORDERS, REPORTS = "door-orders", "door-reports"
"""Containers of what the door orders in the cluster, and of what became of it; made as the one of ledgers."""


@dataclass(frozen=True, kw_only=True)
class AzurePlace:
    """The blob container of one place, created by the platform or existing."""

    account_id: pulumi.Output[str]
    """Resource id of its storage account."""

    account_name: pulumi.Input[str]
    """Physical name of its storage account, plain text where it is known beforehand."""

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
    """A blob container that the platform created."""

    account_name: str
    """Physical name of its storage account."""

    name: str
    """Name of the container."""


@dataclass(frozen=True, kw_only=True)
class AzureStore(StoreParts):
    """Blob containers; each write-once place has its own storage account."""

    scope: Scope
    """The store's own scope: grants become its children."""

    account_id: pulumi.Output[str]
    """Resource id of the main storage account."""

    account_name: str
    """Physical name of the main storage account."""

    containers: Mapping[Place, AzurePlace]
    """Container by place."""

    ready: tuple[pulumi.Resource, ...]
    """Private endpoints and services, prerequisites of readers and writers of the store."""

    roles: dict[StoreAccess, pulumi.Output[str]] = field(default_factory=dict[StoreAccess, pulumi.Output[str]])
    """Roles of the platform's own by access, made by the first grant."""

    def grant(self, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
        """Give an identity access to places, by a role on each container."""
        from mlplatform.backends.azure.artifact_store.grants import grant_additions, grant_places, make_adding_role

        containers: dict[Place, pulumi.Output[str]] = {place: self.containers[place].id for place in places}
        if access != "add":
            grant_places(self.scope, identity, access, containers)
            return
        if access not in self.roles:
            self.roles[access] = make_adding_role(self.scope)
        grant_additions(self.scope, identity, self.roles[access], containers)

    def grant_folder(self, identity: Identity, place: Place, folder: str, access: StoreAccess = "write") -> None:
        """Let an identity list and read, or also write, below one folder of a place."""
        self.grant_folders(identity, place, (folder,), access)

    def grant_folders(
        self, identity: Identity, place: Place, folders: Sequence[str], access: StoreAccess = "write"
    ) -> None:
        """Let an identity list and read, or also write, below folders of a place, by one role on its container."""
        from mlplatform.backends.azure.artifact_store.grants import grant_folders

        grant_folders(self.scope, identity, place, self.containers[place].id, folders, access)
