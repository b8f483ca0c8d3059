"""Names of Azure storage, keys, identities, networks and machines.

Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

from __future__ import annotations

from mlplatform.providers.rules.base import NameRule, Scope

_NAMES = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
_RBAC = "https://learn.microsoft.com/azure/role-based-access-control/role-assignments-rest"
_FIC = "https://learn.microsoft.com/graph/api/resources/federatedidentitycredentials-overview"
_GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_NETWORK = r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9_])?"
_NETWORK_WORDS = "letters, digits and _ . -, a letter or digit first, no . or - last"
_GROUP: Scope = ("resourceGroupName",)


def name(
    type_: str,
    prop: str,
    shortest: int,
    longest: int,
    pattern: str,
    words: str,
    scope: Scope = _GROUP,
    source: str = _NAMES,
) -> NameRule:
    """A rule for a type without `azure-native:`; Azure tells no case apart."""
    token = f"azure-native:{type_}"
    return NameRule(token, prop, pattern, shortest, longest, scope, source, words, folded=True)


def _network(kind: str, prop: str, shortest: int = 1, longest: int = 80, scope: Scope = _GROUP) -> NameRule:
    return name(f"network:{kind}", prop, shortest, longest, _NETWORK, _NETWORK_WORDS, scope)


NAMES = (
    name(
        "resources:ResourceGroup",
        "resourceGroupName",
        1,
        90,
        r"[\w().-]*[\w()-]",
        "letters, digits and _ ( ) . -, no dot last",
        "account",
    ),
    name("storage:StorageAccount", "accountName", 3, 24, r"[a-z0-9]+", "lower-case letters and digits", "global"),
    name(
        "storage:BlobContainer",
        "containerName",
        3,
        63,
        r"\$root|\$web|\$logs|[a-z0-9](-?[a-z0-9])+",
        "lower-case letters, digits and single hyphens",
        ("resourceGroupName", "accountName"),
    ),
    name(
        "keyvault:Vault",
        "vaultName",
        3,
        24,
        r"[A-Za-z](?!.*--)[A-Za-z0-9-]*[A-Za-z0-9]",
        "letters, digits and single hyphens, a letter first",
        "global",
    ),
    *(
        name(
            f"keyvault:{kind}",
            prop,
            1,
            127,
            r"[A-Za-z0-9-]+",
            "letters, digits and hyphens",
            ("resourceGroupName", "vaultName"),
        )
        for kind, prop in (("Key", "keyName"), ("Secret", "secretName"))
    ),
    name(
        "managedidentity:UserAssignedIdentity",
        "resourceName",
        3,
        128,
        r"[A-Za-z0-9][A-Za-z0-9_-]*",
        "letters, digits, - and _",
    ),
    name(
        "managedidentity:FederatedIdentityCredential",
        "federatedIdentityCredentialResourceName",
        3,
        120,
        r"[A-Za-z0-9][A-Za-z0-9_-]*",
        "letters, digits, - and _",
        ("resourceGroupName", "resourceName"),
        _FIC,
    ),
    name("authorization:RoleAssignment", "roleAssignmentName", 36, 36, _GUID, "a GUID", ("scope",), _RBAC),
    name("authorization:RoleDefinition", "roleDefinitionId", 36, 36, _GUID, "a GUID", ("scope",), _RBAC),
    _network("VirtualNetwork", "virtualNetworkName", 2, 64),
    _network("Subnet", "subnetName", scope=("resourceGroupName", "virtualNetworkName")),
    _network("NetworkSecurityGroup", "networkSecurityGroupName"),
    _network("PublicIPAddress", "publicIpAddressName"),
    _network("NatGateway", "natGatewayName"),
    _network("RouteTable", "routeTableName"),
    _network("PrivateEndpoint", "privateEndpointName", 2, 64),
    _network("PrivateDnsZoneGroup", "privateDnsZoneGroupName", scope=("resourceGroupName", "privateEndpointName")),
    _network("FlowLog", "flowLogName", scope=("resourceGroupName", "networkWatcherName")),
    name(
        "privatedns:PrivateZone",
        "privateZoneName",
        1,
        253,
        r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})+",
        "labels joined by dots, two at least",
    ),
    name(
        "privatedns:VirtualNetworkLink",
        "virtualNetworkLinkName",
        1,
        80,
        _NETWORK,
        _NETWORK_WORDS,
        ("resourceGroupName", "privateZoneName"),
    ),
    name("compute:DiskEncryptionSet", "diskEncryptionSetName", 1, 80, r"[A-Za-z0-9_.-]+", "letters, digits and _ . -"),
)
