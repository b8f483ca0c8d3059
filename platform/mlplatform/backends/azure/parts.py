"""What Azure components hand to each other, beyond what every cloud's do. Imports no provider SDK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi

from mlplatform.components.artifact_store import StoreAccess, StoreParts
from mlplatform.components.context import Scope
from mlplatform.components.foundation import FoundationParts
from mlplatform.components.identity import Identity, IdentityParts
from mlplatform.components.keys import KeysParts
from mlplatform.components.network import NetworkParts
from mlplatform.components.registry import ImageRegistryParts, ModelRegistryParts
from mlplatform.components.routes import RoutesParts
from mlplatform.components.telemetry import TelemetryParts
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.keys import KeyPurpose

SubnetRole = Literal["nodes", "api", "endpoints", "apps"]
"""What a subnet is for."""


@dataclass(frozen=True, kw_only=True)
class AzureFoundation(FoundationParts):
    """The resource group everything is in."""

    group_name: pulumi.Output[str]
    """Name of the resource group, known beforehand; an output, so that what uses it comes after it."""

    group_id: pulumi.Output[str]
    """Resource id of the resource group."""


@dataclass(frozen=True, kw_only=True)
class AzureVault:
    """A key vault."""

    id: pulumi.Output[str]
    """Resource id."""

    name: pulumi.Output[str]
    """Physical name, known beforehand."""

    uri: pulumi.Output[str]
    """`https://<name>.vault.azure.net`, known beforehand, without a slash at its end."""


@dataclass(frozen=True, kw_only=True)
class AzureKey:
    """A customer-managed key and the identity that services use it with."""

    name: str
    """Name in the vault."""

    id: pulumi.Output[str]
    """Resource id, the scope of role assignments."""

    uri: pulumi.Output[str]
    """Key identifier without version: services that rotate by themselves take this one."""

    versioned_uri: pulumi.Output[str]
    """Key identifier with the newest version."""

    identity_id: pulumi.Output[str]
    """Resource id of the identity that may wrap and unwrap with this key, and nothing else."""

    identity_path: str
    """The same as plain text, for where Azure wants it as a name in a map."""

    client_id: pulumi.Output[str]
    """The identity's client id."""

    principal_id: pulumi.Output[str]
    """The identity's object id."""

    ready: tuple[pulumi.Resource, ...]
    """The identity's right to the key: encrypted resources come after it."""


@dataclass(frozen=True, kw_only=True)
class AzureKeys(KeysParts):
    """Keys and vaults; `ids` are key identifiers without version."""

    vault: AzureVault
    """Holds the keys, and only keys, but for the registry's."""

    registry_vault: AzureVault
    """Holds the registry's key alone: a registry does not reach a vault behind a firewall."""

    secrets: AzureVault
    """Holds the platform's secrets; the machine learning workspace's vault."""

    keys: Mapping[KeyPurpose, AzureKey]
    """Key by purpose."""


@dataclass(frozen=True, kw_only=True)
class AzureTelemetry(TelemetryParts):
    """Log workspace, Application Insights, Azure Monitor workspace, Grafana."""

    workspace_id: pulumi.Output[str]
    """Resource id of the Log Analytics workspace."""

    customer_id: pulumi.Output[str]
    """The workspace's own GUID, as queries and agents name it."""

    insights_id: pulumi.Output[str]
    """Resource id of Application Insights."""

    archive_id: pulumi.Output[str]
    """Resource id of the storage account for network flow logs."""

    archive_ready: tuple[pulumi.Resource, ...]
    """What must stand before something writes to the archive."""

    metrics_id: pulumi.Output[str] | None
    """Resource id of the Azure Monitor workspace (managed Prometheus); None where it was not asked for."""

    metrics_rule_id: pulumi.Output[str] | None
    """Collection rule that carries a cluster's Prometheus metrics to it."""

    metrics_endpoint_id: pulumi.Output[str] | None
    """Collection endpoint of a cluster's metrics."""

    logs_rule_id: pulumi.Output[str]
    """Collection rule that carries a cluster's container logs to the log workspace."""

    grafana_id: pulumi.Output[str] | None
    """Resource id of managed Grafana; None where it was not asked for."""

    grafana_name: str | None
    """Its physical name."""


@dataclass(frozen=True, kw_only=True)
class AzureRoutes(RoutesParts):
    """Action groups; `targets` holds one action group id per severity, none where nobody is told."""


@dataclass(frozen=True, kw_only=True)
class AzureNetwork(NetworkParts):
    """A virtual network; `node_subnet_ids` holds one subnet for all zones, or one per zone in their order.

    `endpoints_private.connect` makes private endpoints in it.
    """

    subnets: Mapping[SubnetRole, pulumi.Output[str]]
    """Subnet id by role; `nodes` is the first zone's, `apps` may be missing in an adopted network."""

    dns_zone_ids: Mapping[str, pulumi.Output[str]]
    """Private DNS zone id by zone name (`privatelink.blob.core.windows.net`)."""

    dns_ready: tuple[pulumi.Resource, ...]
    """The zones' links to the network: what resolves private names comes after them."""

    egress: Literal["nat", "firewall", "none"]
    """How nodes reach the internet: NAT gateways, routes to a firewall, or not at all."""

    ready: tuple[pulumi.Resource, ...]
    """Subnets with egress, in which machines may start."""

    def node_subnet(self, zone: str) -> pulumi.Output[str]:
        """The subnet of a zone's nodes."""
        if len(self.node_subnet_ids) == 1 or zone not in self.zones:
            return self.node_subnet_ids[0]
        return self.node_subnet_ids[self.zones.index(zone)]


@dataclass(frozen=True, kw_only=True)
class AzurePrincipal:
    """Who a role is assigned to."""

    id: pulumi.Output[str]
    """Entra object id."""

    kind: Literal["ServicePrincipal", "Group"]
    """Managed identities are service principals; a fresh one is only found when Azure is told so."""

    label: str
    """Part of logical names and of the assignment's GUID."""


@dataclass(frozen=True, kw_only=True)
class AzureIdentity(IdentityParts):
    """A user-assigned managed identity, or the Entra groups that hold one of people's roles.

    `principal` is the object id (of the first group).
    """

    identity_id: pulumi.Output[str] | None
    """Resource id of the managed identity; None for people."""

    client_id: pulumi.Output[str] | None
    """Client id that workloads log in with; None for people."""

    name: pulumi.Output[str]
    """Physical name of the managed identity, known beforehand; for people their role's."""

    principals: tuple[AzurePrincipal, ...]
    """Everyone a grant is made to."""

    credentials: list[pulumi.Resource] = field(default_factory=list[pulumi.Resource])
    """Federated credentials so far: Azure takes one write per identity at a time, each waits for the last."""


@dataclass(frozen=True, kw_only=True)
class AzureContainer:
    """The blob container of one place."""

    account_id: pulumi.Output[str]
    """Resource id of its storage account."""

    account_name: str
    """Physical name of its storage account."""

    name: str
    """Name of the container."""

    id: pulumi.Output[str]
    """Resource id of the container, the scope of role assignments."""

    url: pulumi.Output[str]
    """`https://<account>.blob.core.windows.net/<container>`."""


@dataclass(frozen=True, kw_only=True)
class AzureStore(StoreParts):
    """Blob containers; places that are write-once have a storage account of their own."""

    scope: Scope
    """The store's own scope: grants become its children."""

    account_id: pulumi.Output[str]
    """Resource id of the main storage account."""

    account_name: str
    """Physical name of the main storage account."""

    containers: Mapping[Place, AzureContainer]
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
