"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi


class AzureExistingNetworkArgs(TypedDict):
    """A virtual network in the target's location. Egress, security groups and flow logs are its owner's."""

    vnet_id: pulumi.Input[str]
    """Resource id of the virtual network."""

    node_subnet_ids: Sequence[pulumi.Input[str]]
    """Subnets for cluster nodes: one for all zones, or one for each zone in the target's order."""

    endpoint_subnet_id: pulumi.Input[str]
    """Subnet for private endpoints."""

    api_subnet_id: pulumi.Input[str]
    """Subnet for a cluster's API server, /28 or larger, delegated to `Microsoft.ContainerService/managedClusters`."""

    apps_subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet for endpoints that scale to zero, /27 or larger and delegated to `Microsoft.App/environments`.

    Omitted: such endpoints fail.
    """

    dns_zone_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Existing private DNS zones by name (`privatelink.vaultcore.azure.net`), linked to the network already.

    Omitted zones are made and linked.
    """

    egress: NotRequired[str]
    """How nodes reach the internet: a NAT gateway on their subnets, a route table to a firewall, or not at all.

    One of nat, firewall, none.
    """


class AzureExistingKeysArgs(TypedDict):
    """Keys in a vault with RBAC and purge protection, in the target's tenant.

    An identity per purpose is still made and gets the right to its key alone: the deployer must be allowed to
    assign roles on the vault. The vault lets trusted services in, or answers on the network.
    """

    vault_id: pulumi.Input[str]
    """Resource id of the vault."""

    default: NotRequired[pulumi.Input[str]]
    """Name of the key of every purpose that `names` leaves out. Omitted: `names` must name all purposes."""

    names: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Name of the key by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """

    registry_vault_id: NotRequired[pulumi.Input[str]]
    """Vault of the registry's key, which a new registry must reach without a firewall. Omitted: `vault_id`."""


class AzureExistingContainerArgs(TypedDict):
    """A blob container that holds one place of the store."""

    account_id: pulumi.Input[str]
    """Resource id of its storage account."""

    name: pulumi.Input[str]
    """Name of the container."""


class AzureExistingStoreArgs(TypedDict):
    """Blob containers; lifecycle, keys, private endpoints and access logs of their accounts are their owner's."""

    containers: Mapping[str, AzureExistingContainerArgs]
    """Container by place; other places are made.

    One of data, features, models, pipelines, monitoring.
    """


class AzureExistingClusterArgs(TypedDict):
    """An AKS cluster in the target's location, with a disk encryption set where disks must be under a key of yours."""

    cluster_name: pulumi.Input[str]
    """Name of the cluster."""

    group_name: pulumi.Input[str]
    """Its resource group."""

    node_subnet_ids: Sequence[pulumi.Input[str]]
    """Subnets for nodes: one for all zones, or one for each zone in the target's order."""

    issuer_url: NotRequired[pulumi.Input[str]]
    """OIDC issuer of the service accounts' tokens, for `bind`. Omitted: the cluster's, looked up."""

    control_plane_principal_id: NotRequired[pulumi.Input[str]]
    """Entra object id of the control plane's identity. Omitted: pools in a capacity reservation are refused."""


class AzureExistingArgs(TypedDict):
    """What somebody else made on Azure."""

    network: NotRequired[AzureExistingNetworkArgs]
    """A virtual network in the target's location. Egress, security groups and flow logs are its owner's. Omitted:
    made.
    """

    keys: NotRequired[AzureExistingKeysArgs]
    """Keys in a vault with RBAC and purge protection, in the target's tenant. Omitted: made."""

    store: NotRequired[AzureExistingStoreArgs]
    """Blob containers; lifecycle, keys, private endpoints and access logs of their accounts are their owner's.
    Omitted: made.
    """

    cluster: NotRequired[AzureExistingClusterArgs]
    """An AKS cluster in the target's location, with a disk encryption set where disks must be under a key of yours.
    Omitted: made.
    """


class AzureMadeNetwork(TypedDict):
    """A virtual network in the target's location."""

    vnet_id: str
    """Resource id of the virtual network."""

    node_subnet_ids: Sequence[str]
    """Subnets for cluster nodes: one for all zones, or one for each zone in the target's order."""

    endpoint_subnet_id: str
    """Subnet for private endpoints."""

    api_subnet_id: str
    """Subnet for a cluster's API server, /28 or larger, delegated to `Microsoft.ContainerService/managedClusters`."""

    apps_subnet_id: NotRequired[str]
    """Subnet for endpoints that scale to zero, /27 or larger and delegated to `Microsoft.App/environments`."""

    dns_zone_ids: NotRequired[Mapping[str, str]]
    """Existing private DNS zones by name (`privatelink.vaultcore.azure.net`), linked to the network already."""

    egress: NotRequired[str]
    """How nodes reach the internet: a NAT gateway on their subnets, a route table to a firewall, or not at all.

    One of nat, firewall, none.
    """


class AzureMadeKeys(TypedDict):
    """Keys in a vault with RBAC and purge protection, in the target's tenant."""

    vault_id: str
    """Resource id of the vault."""

    default: NotRequired[str]
    """Name of the key of every purpose that `names` leaves out."""

    names: NotRequired[Mapping[str, str]]
    """Name of the key by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """

    registry_vault_id: NotRequired[str]
    """Vault of the registry's key, which a new registry must reach without a firewall."""


class AzureMadeContainer(TypedDict):
    """A blob container that holds one place of the store."""

    account_id: str
    """Resource id of its storage account."""

    name: str
    """Name of the container."""


class AzureMadeStore(TypedDict):
    """Blob containers; lifecycle, keys, private endpoints and access logs of their accounts are their owner's."""

    containers: Mapping[str, AzureMadeContainer]
    """Container by place; other places are made.

    One of data, features, models, pipelines, monitoring.
    """


class AzureMadeCluster(TypedDict):
    """An AKS cluster in the target's location, with a disk encryption set where disks must be under a key of yours."""

    cluster_name: str
    """Name of the cluster."""

    group_name: str
    """Its resource group."""

    node_subnet_ids: Sequence[str]
    """Subnets for nodes: one for all zones, or one for each zone in the target's order."""

    issuer_url: NotRequired[str]
    """OIDC issuer of the service accounts' tokens, for `bind`."""

    control_plane_principal_id: NotRequired[str]
    """Entra object id of the control plane's identity."""


class AzureMade(TypedDict):
    """What somebody else made on Azure."""

    network: NotRequired[AzureMadeNetwork]
    """A virtual network in the target's location."""

    keys: NotRequired[AzureMadeKeys]
    """Keys in a vault with RBAC and purge protection, in the target's tenant."""

    store: NotRequired[AzureMadeStore]
    """Blob containers; lifecycle, keys, private endpoints and access logs of their accounts are their owner's."""

    cluster: NotRequired[AzureMadeCluster]
    """An AKS cluster in the target's location, with a disk encryption set where disks must be under a key of yours."""
