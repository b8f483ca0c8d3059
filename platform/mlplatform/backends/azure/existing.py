"""Existing resources on Azure, by ids or by outputs of other resources. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import pulumi

from mlplatform.components.existing import (
    ExistingCluster,
    ExistingIdentities,
    ExistingIdentity,
    ExistingKeys,
    ExistingNetwork,
    ExistingRegistry,
    ExistingStore,
    Workload,
)
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.keys import KeyPurpose
from mlplatform.spec.references import References, by_key, by_position


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureExistingNetwork(ExistingNetwork):
    """A virtual network in the target's location. Its owner manages egress, security groups and flow logs."""

    cloud: ClassVar[str] = "azure"

    vnet_id: pulumi.Input[str]
    """Resource id of the virtual network."""

    node_subnet_ids: Sequence[pulumi.Input[str]]
    """Subnets for cluster nodes: one for all zones, or one for each zone in the target's order."""

    endpoint_subnet_id: pulumi.Input[str]
    """Subnet for private endpoints."""

    api_subnet_id: pulumi.Input[str]
    """Subnet for a cluster's API server, /28 or larger, delegated to `Microsoft.ContainerService/managedClusters`."""

    apps_subnet_id: pulumi.Input[str] | None = None
    """Subnet for endpoints that scale to zero, /27 or larger and delegated to `Microsoft.App/environments`.

    Omitted: such endpoints fail.
    """

    dns_zone_ids: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, "pulumi.Input[str]"])
    """Existing private DNS zones by name (`privatelink.vaultcore.azure.net`), already linked to the network.

    Omitted zones are created and linked.
    """

    egress: Literal["nat", "firewall", "none"] = "nat"
    """Egress of nodes to the internet: a NAT gateway on their subnets, a route table to a firewall, or none."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield {
            **by_position("node_subnet_ids", self.node_subnet_ids),
            "endpoint_subnet_id": self.endpoint_subnet_id,
            "api_subnet_id": self.api_subnet_id,
            "apps_subnet_id": self.apps_subnet_id,
        }
        yield by_key("dns_zone_ids", self.dns_zone_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureExistingKeys(ExistingKeys):
    """Keys in a vault with RBAC and purge protection, in the target's tenant.

    An identity per purpose is still created and gets rights to its own key only, so the deployer must be allowed to
    assign roles on the vault. The vault must allow trusted services or be reachable from the network.
    """

    cloud: ClassVar[str] = "azure"

    vault_id: pulumi.Input[str]
    """Resource id of the vault."""

    default: pulumi.Input[str] | None = None
    """Name of the key for every purpose that is not in `names`. Omitted: `names` must name all purposes."""

    names: Mapping[KeyPurpose, pulumi.Input[str]] = field(default_factory=dict["KeyPurpose", "pulumi.Input[str]"])
    """Name of the key by purpose."""

    registry_vault_id: pulumi.Input[str] | None = None
    """Vault of the registry's key. A new registry must reach it without a firewall. Omitted: `vault_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureExistingContainer:
    """A blob container that holds one place of the store."""

    account_id: pulumi.Input[str]
    """Resource id of its storage account."""

    name: pulumi.Input[str]
    """Name of the container."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureExistingStore(ExistingStore):
    """Blob containers. Their owner manages the accounts' lifecycle, keys, private endpoints and access logs."""

    cloud: ClassVar[str] = "azure"

    containers: Mapping[Place, AzureExistingContainer]
    """Container by place; other places are created."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield {
            f"containers.{place}": f"{each.account_id}/{each.name}"
            for place, each in self.containers.items()
            if isinstance(each.account_id, str) and isinstance(each.name, str)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureExistingCluster(ExistingCluster):
    """An AKS cluster in the target's location, with a disk encryption set if disks need a key of your own."""

    cloud: ClassVar[str] = "azure"

    cluster_name: pulumi.Input[str]
    """Name of the cluster."""

    group_name: pulumi.Input[str]
    """Its resource group."""

    node_subnet_ids: Sequence[pulumi.Input[str]]
    """Subnets for nodes: one for all zones, or one for each zone in the target's order."""

    issuer_url: pulumi.Input[str] | None = None
    """OIDC issuer of the service accounts' tokens, for `bind`. Omitted: the issuer of the cluster, looked up."""

    control_plane_principal_id: pulumi.Input[str] | None = None
    """Entra object id of the control plane's identity. Omitted: pools in a capacity reservation are refused."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_position("node_subnet_ids", self.node_subnet_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureExistingRegistry(ExistingRegistry):
    """A container registry of the Premium tier in the target's tenant, instead of one that the platform makes.

    The deployer must be allowed to assign roles on it and to approve its private endpoints. Its owner manages caches,
    clean-up, scanning, keys and logs.
    """

    cloud: ClassVar[str] = "azure"

    registry_id: pulumi.Input[str]
    """Resource id of the registry, of the target's subscription or another one."""

    login_server: pulumi.Input[str] | None = None
    """Its address, where that has a hash (`name-hash.azurecr.io`). Omitted: `name.azurecr.io`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureExistingIdentity:
    """A user-assigned managed identity."""

    id: str
    """Resource id, as a plain value, because services are told it in texts."""

    principal_id: pulumi.Input[str]
    """Entra object id, for its rights."""

    client_id: pulumi.Input[str]
    """Client id, with which workloads log in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureExistingIdentities(ExistingIdentities):
    """User-assigned managed identities in the target's tenant.

    They get every grant of their workload. Their owner decides who may act as them; the plan lists what is needed.
    """

    cloud: ClassVar[str] = "azure"

    training: AzureExistingIdentity | None = None
    """The managed identity of jobs in the cluster. Omitted: one is created."""

    pipelines: AzureExistingIdentity | None = None
    """The managed identity of pipelines and machine learning jobs. Omitted: one is created."""

    ci: AzureExistingIdentity | None = None
    """The managed identity of CI jobs that push images (`access.ci`). Omitted: one is created."""

    endpoints: Mapping[str, AzureExistingIdentity] = field(default_factory=dict[str, "AzureExistingIdentity"])
    """The managed identity by endpoint; others are created."""

    def of(self, workload: Workload, endpoint: str = "") -> ExistingIdentity | None:
        """The identity of a workload, for `serving` of an endpoint; None where it is not named."""
        by_workload = {"training": self.training, "pipelines": self.pipelines, "ci": self.ci}
        named = self.endpoints.get(endpoint) if workload == "serving" else by_workload[workload]
        if named is None:
            return None
        return ExistingIdentity(
            acts=True, principal=named.principal_id, resource_id=named.id, client_id=named.client_id
        )
