"""What Azure refuses to delete, and what a deletion leaves."""

from __future__ import annotations

from mlplatform.catalog.deletion import DELETIONS
from mlplatform.mock_cloud.rules.azure.tokens import (
    ACCOUNT,
    CLUSTER,
    ENDPOINT,
    ENVIRONMENT,
    LEARN,
    ONLINE,
    POOL,
    REST,
    WORKSPACE,
)
from mlplatform.mock_cloud.rules.deletion import InUseRule, LeftoverRule
from mlplatform.mock_cloud.rules.error import CloudError

_NET = "https://learn.microsoft.com/troubleshoot/azure/virtual-network/"
_GROUP = "azure-native:resources:ResourceGroup"
_SUBNET = "azure-native:network:Subnet"
_VNET = "azure-native:network:VirtualNetwork"
_LUSTRE = "azure-native:storagecache:AmlFilesystem"
_ZONE = "azure-native:privatedns:PrivateZone"
_LOGS = "azure-native:operationalinsights:Workspace"
_VAULT = "azure-native:keyvault:Vault"


IN_USE = (
    InUseRule(
        _SUBNET,
        (ENDPOINT, CLUSTER, POOL, ENVIRONMENT, _LUSTRE),
        CloudError(
            "InUseSubnetCannotBeDeleted",
            "Subnet {name} is in use by {user} and cannot be deleted. In order to delete the subnet, delete all "
            "the resources within the subnet.",
            _NET + "virtual-network-troubleshoot-cannot-delete-vnet",
        ),
    ),
    InUseRule(
        "azure-native:network:NetworkSecurityGroup",
        (_SUBNET,),
        CloudError(
            "InUseNetworkSecurityGroupCannotBeDeleted",
            "Network security group {id} cannot be deleted because it is in use by the following resources: {user}",
            REST + "virtualnetwork/network-security-groups/delete",
        ),
    ),
    InUseRule(
        "azure-native:network:NatGateway",
        (_SUBNET,),
        CloudError(
            "InUseNatGatewayCannotBeDeleted",
            "Nat gateway {id} cannot be deleted because it is in use by {user}",
            REST + "virtualnetwork/nat-gateways/delete",
        ),
    ),
    InUseRule(
        "azure-native:network:PublicIPAddress",
        ("azure-native:network:NatGateway",),
        CloudError(
            "PublicIPAddressCannotBeDeleted",
            "Public IP address {id} can not be deleted since it is still allocated to resource {user}",
            REST + "virtualnetwork/public-ip-addresses/delete",
        ),
    ),
    InUseRule(
        _ZONE,
        ("azure-native:privatedns:VirtualNetworkLink#privateZoneName",),
        CloudError(
            "CannotDeleteResource",
            "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '{user}'.",
            LEARN + "dns/private-dns-virtual-network-links",
        ),
    ),
    InUseRule(
        "azure-native:authorization:RoleDefinition",
        ("azure-native:authorization:RoleAssignment",),
        CloudError(
            "RoleDefinitionHasAssignments",
            "There are existing role assignments referencing role",
            LEARN + "role-based-access-control/troubleshoot-limits",
        ),
    ),
    InUseRule(
        ENVIRONMENT,
        ("azure-native:app:ContainerApp",),
        CloudError(
            "ManagedEnvironmentHasContainerApps",
            "Managed environment {name} cannot be deleted while it has container apps: {user}",
            REST + "containerapps/managed-environments/delete",
        ),
    ),
)

LEFTOVERS = (
    LeftoverRule(
        _VAULT,
        DELETIONS[_VAULT].days,
        "the vault and its keys can be recovered for 7 to 90 days",
        CloudError(
            "ConflictError",
            "A vault with the same name already exists in deleted state.",
            LEARN + "key-vault/general/soft-delete-overview",
            "in a platform that runs: recover it and take it over; before its first `up`: another `incarnation`",
        ),
    ),
    LeftoverRule("azure-native:keyvault:Key", 90, "the key can be recovered as long as its vault"),
    LeftoverRule(
        WORKSPACE,
        DELETIONS[WORKSPACE].days,
        "the workspace can be recovered for 14 days",
        CloudError(
            "Conflict",
            "Soft-deleted workspace exists. Please purge or recover it.",
            LEARN + "machine-learning/concept-soft-delete",
            "purge it: az ml workspace delete --permanently-delete",
        ),
    ),
    LeftoverRule(
        _LOGS,
        DELETIONS[_LOGS].days,
        "the workspace and its logs can be recovered for 14 days",
        recovered=True,
    ),
)

CONTAINERS = (_GROUP, _VNET, _VAULT, ACCOUNT, CLUSTER, WORKSPACE, ONLINE, _ZONE)
