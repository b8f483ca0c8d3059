"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi


class AzureExistingNetworkArgs(TypedDict):
    """A virtual network in the target's location. Its owner manages egress, security groups and flow logs."""

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
    """Existing private DNS zones by name (`privatelink.vaultcore.azure.net`), already linked to the network.

    Omitted zones are created and linked.
    """

    egress: NotRequired[str]
    """Egress of nodes to the internet: a NAT gateway on their subnets, a route table to a firewall, or none.

    One of nat, firewall, none.
    """


class AzureExistingKeysArgs(TypedDict):
    """Keys in a vault with RBAC and purge protection, in the target's tenant.

    An identity per purpose is still created and gets rights to its own key only, so the deployer must be allowed
    to assign roles on the vault. The vault must allow trusted services or be reachable from the network.
    """

    vault_id: pulumi.Input[str]
    """Resource id of the vault."""

    default: NotRequired[pulumi.Input[str]]
    """Name of the key for every purpose that is not in `names`. Omitted: `names` must name all purposes."""

    names: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Name of the key by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """

    registry_vault_id: NotRequired[pulumi.Input[str]]
    """Vault of the registry's key. A new registry must reach it without a firewall. Omitted: `vault_id`."""


class AzureExistingContainerArgs(TypedDict):
    """A blob container that holds one place of the store."""

    account_id: pulumi.Input[str]
    """Resource id of its storage account."""

    name: pulumi.Input[str]
    """Name of the container."""


class AzureExistingStoreArgs(TypedDict):
    """Blob containers. Their owner manages the accounts' lifecycle, keys, private endpoints and access logs."""

    containers: Mapping[str, AzureExistingContainerArgs]
    """Container by place; other places are created.

    One of data, features, models, pipelines, monitoring.
    """


class AzureExistingClusterArgs(TypedDict):
    """An AKS cluster in the target's location, with a disk encryption set if disks need a key of your own."""

    cluster_name: pulumi.Input[str]
    """Name of the cluster."""

    group_name: pulumi.Input[str]
    """Its resource group."""

    node_subnet_ids: Sequence[pulumi.Input[str]]
    """Subnets for nodes: one for all zones, or one for each zone in the target's order."""

    issuer_url: NotRequired[pulumi.Input[str]]
    """OIDC issuer of the service accounts' tokens, for `bind`. Omitted: the issuer of the cluster, looked up."""

    control_plane_principal_id: NotRequired[pulumi.Input[str]]
    """Entra object id of the control plane's identity. Omitted: pools in a capacity reservation are refused."""


class AzureExistingRegistryArgs(TypedDict):
    """A container registry of the Premium tier in the target's tenant, instead of one that the platform makes.

    The deployer must be allowed to assign roles on it and to approve its private endpoints. Its owner manages
    caches, clean-up, scanning, keys and logs.
    """

    registry_id: pulumi.Input[str]
    """Resource id of the registry, of the target's subscription or another one."""

    login_server: NotRequired[pulumi.Input[str]]
    """Its address, where that has a hash (`name-hash.azurecr.io`). Omitted: `name.azurecr.io`."""


class AzureExistingIdentityArgs(TypedDict):
    """A user-assigned managed identity."""

    id: str
    """Resource id, as a plain value, because services are told it in texts."""

    principal_id: pulumi.Input[str]
    """Entra object id, for its rights."""

    client_id: pulumi.Input[str]
    """Client id, with which workloads log in."""


class AzureExistingIdentitiesArgs(TypedDict):
    """User-assigned managed identities in the target's tenant.

    They get every grant of their workload. Their owner decides who may act as them; the plan lists what is
    needed.
    """

    training: NotRequired[AzureExistingIdentityArgs]
    """The managed identity of jobs in the cluster. Omitted: one is created."""

    pipelines: NotRequired[AzureExistingIdentityArgs]
    """The managed identity of pipelines and machine learning jobs. Omitted: one is created."""

    ci: NotRequired[AzureExistingIdentityArgs]
    """The managed identity of CI jobs that push images (`access.ci`). Omitted: one is created."""

    endpoints: NotRequired[Mapping[str, AzureExistingIdentityArgs]]
    """The managed identity by endpoint; others are created."""


class AzureExistingArgs(TypedDict):
    """Existing resources on Azure."""

    network: NotRequired[AzureExistingNetworkArgs]
    """A virtual network in the target's location. Its owner manages egress, security groups and flow logs. Omitted:
    created.
    """

    keys: NotRequired[AzureExistingKeysArgs]
    """Keys in a vault with RBAC and purge protection, in the target's tenant. Omitted: created."""

    store: NotRequired[AzureExistingStoreArgs]
    """Blob containers. Their owner manages the accounts' lifecycle, keys, private endpoints and access logs.
    Omitted: created.
    """

    cluster: NotRequired[AzureExistingClusterArgs]
    """An AKS cluster in the target's location, with a disk encryption set if disks need a key of your own. Omitted:
    created.
    """

    registry: NotRequired[AzureExistingRegistryArgs]
    """A container registry of the Premium tier in the target's tenant, instead of one that the platform makes.
    Omitted: created.
    """

    identities: NotRequired[AzureExistingIdentitiesArgs]
    """User-assigned managed identities in the target's tenant. Omitted: created."""


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
    """Existing private DNS zones by name (`privatelink.vaultcore.azure.net`), already linked to the network."""

    egress: NotRequired[str]
    """Egress of nodes to the internet: a NAT gateway on their subnets, a route table to a firewall, or none.

    One of nat, firewall, none.
    """


class AzureMadeKeys(TypedDict):
    """Keys in a vault with RBAC and purge protection, in the target's tenant."""

    vault_id: str
    """Resource id of the vault."""

    default: NotRequired[str]
    """Name of the key for every purpose that is not in `names`."""

    names: NotRequired[Mapping[str, str]]
    """Name of the key by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """

    registry_vault_id: NotRequired[str]
    """Vault of the registry's key."""


class AzureMadeContainer(TypedDict):
    """A blob container that holds one place of the store."""

    account_id: str
    """Resource id of its storage account."""

    name: str
    """Name of the container."""


class AzureMadeStore(TypedDict):
    """Blob containers."""

    containers: Mapping[str, AzureMadeContainer]
    """Container by place; other places are created.

    One of data, features, models, pipelines, monitoring.
    """


class AzureMadeCluster(TypedDict):
    """An AKS cluster in the target's location, with a disk encryption set if disks need a key of your own."""

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


class AzureMadeRegistry(TypedDict):
    """A container registry of the Premium tier in the target's tenant, instead of one that the platform makes."""

    registry_id: str
    """Resource id of the registry, of the target's subscription or another one."""

    login_server: NotRequired[str]
    """Its address, where that has a hash (`name-hash.azurecr.io`)."""


class AzureMadeIdentity(TypedDict):
    """A user-assigned managed identity."""

    id: str
    """Resource id, as a plain value, because services are told it in texts."""

    principal_id: str
    """Entra object id, for its rights."""

    client_id: str
    """Client id, with which workloads log in."""


class AzureMadeIdentities(TypedDict):
    """User-assigned managed identities in the target's tenant."""

    training: NotRequired[AzureMadeIdentity]
    """The managed identity of jobs in the cluster."""

    pipelines: NotRequired[AzureMadeIdentity]
    """The managed identity of pipelines and machine learning jobs."""

    ci: NotRequired[AzureMadeIdentity]
    """The managed identity of CI jobs that push images (`access.ci`)."""

    endpoints: NotRequired[Mapping[str, AzureMadeIdentity]]
    """The managed identity by endpoint; others are created."""


class AzureMade(TypedDict):
    """Existing resources on Azure."""

    network: NotRequired[AzureMadeNetwork]
    """A virtual network in the target's location."""

    keys: NotRequired[AzureMadeKeys]
    """Keys in a vault with RBAC and purge protection, in the target's tenant."""

    store: NotRequired[AzureMadeStore]
    """Blob containers."""

    cluster: NotRequired[AzureMadeCluster]
    """An AKS cluster in the target's location, with a disk encryption set if disks need a key of your own."""

    registry: NotRequired[AzureMadeRegistry]
    """A container registry of the Premium tier in the target's tenant, instead of one that the platform makes."""

    identities: NotRequired[AzureMadeIdentities]
    """User-assigned managed identities in the target's tenant."""
