"""Existing resources on Azure, by ids or by outputs of other resources. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import pulumi

from mlplatform.components.existing import ExistingCluster, ExistingKeys, ExistingNetwork, ExistingStore
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.keys import KeyPurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureExistingNetwork(ExistingNetwork):
    """A virtual network in the target's location. Egress, security groups and flow logs are its owner's."""

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
    """Existing private DNS zones by name (`privatelink.vaultcore.azure.net`), linked to the network already.

    Omitted zones are made and linked.
    """

    egress: Literal["nat", "firewall", "none"] = "nat"
    """How nodes reach the internet: a NAT gateway on their subnets, a route table to a firewall, or not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureExistingKeys(ExistingKeys):
    """Keys in a vault with RBAC and purge protection, in the target's tenant.

    An identity per purpose is still made and gets the right to its key alone: the deployer must be allowed to assign
    roles on the vault. The vault lets trusted services in, or answers on the network.
    """

    cloud: ClassVar[str] = "azure"

    vault_id: pulumi.Input[str]
    """Resource id of the vault."""

    default: pulumi.Input[str] | None = None
    """Name of the key of every purpose that `names` leaves out. Omitted: `names` must name all purposes."""

    names: Mapping[KeyPurpose, pulumi.Input[str]] = field(default_factory=dict["KeyPurpose", "pulumi.Input[str]"])
    """Name of the key by purpose."""

    registry_vault_id: pulumi.Input[str] | None = None
    """Vault of the registry's key, which a new registry must reach without a firewall. Omitted: `vault_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureExistingContainer:
    """A blob container that holds one place of the store."""

    account_id: pulumi.Input[str]
    """Resource id of its storage account."""

    name: pulumi.Input[str]
    """Name of the container."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureExistingStore(ExistingStore):
    """Blob containers; lifecycle, keys, private endpoints and access logs of their accounts are their owner's."""

    cloud: ClassVar[str] = "azure"

    containers: Mapping[Place, AzureExistingContainer]
    """Container by place; other places are made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureExistingCluster(ExistingCluster):
    """An AKS cluster in the target's location, with a disk encryption set where disks must be under a key of yours."""

    cloud: ClassVar[str] = "azure"

    cluster_name: pulumi.Input[str]
    """Name of the cluster."""

    group_name: pulumi.Input[str]
    """Its resource group."""

    node_subnet_ids: Sequence[pulumi.Input[str]]
    """Subnets for nodes: one for all zones, or one for each zone in the target's order."""

    issuer_url: pulumi.Input[str] | None = None
    """OIDC issuer of the service accounts' tokens, for `bind`. Omitted: the cluster's, looked up."""

    control_plane_principal_id: pulumi.Input[str] | None = None
    """Entra object id of the control plane's identity. Omitted: pools in a capacity reservation are refused."""
