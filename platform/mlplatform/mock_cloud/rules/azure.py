"""What Azure refuses, keeps and takes time for."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.base import CloudRules, Error, Frozen, InUse, Owned, Settles, Stays, Takes

_LEARN = "https://learn.microsoft.com/azure/"
_REST = "https://learn.microsoft.com/rest/api/"
_NET = "https://learn.microsoft.com/troubleshoot/azure/virtual-network/"
_GROUP = "azure-native:resources:ResourceGroup"
_SUBNET = "azure-native:network:Subnet"
_VNET = "azure-native:network:VirtualNetwork"
_ENDPOINT = "azure-native:network:PrivateEndpoint"
_CLUSTER = "azure-native:containerservice:ManagedCluster"
_POOL = "azure-native:containerservice:AgentPool"
_ENVIRONMENT = "azure-native:app:ManagedEnvironment"
_WORKSPACE = "azure-native:machinelearningservices:Workspace"
_ONLINE = "azure-native:machinelearningservices:OnlineEndpoint"
_ZONE = "azure-native:privatedns:PrivateZone"
_ACCOUNT = "azure-native:storage:StorageAccount"
_VAULT = "azure-native:keyvault:Vault"
_POOLS_API = _REST + "aks/agent-pools/create-or-update"


def _frozen(token: str, path: str, code: str, source: str) -> Frozen:
    error = Error(
        code,
        "Changing property '{user}' is not allowed.",
        source,
        "this property is fixed at creation: give the resource another name so that a new one is made beside it",
    )
    return Frozen(token, path, error)


RULES = CloudRules(
    # the provider asks first whether something is there, so that a create never becomes an update
    exists=Error(
        "cannot create already existing resource",
        "'{id}'",
        "https://www.pulumi.com/registry/packages/azure-native/",
        "something of that name is there and not in the stack's state: import it, or delete it if nothing needs it",
    ),
    missing=Error(
        "ResourceNotFound",
        "The Resource '{id}' was not found.",
        _LEARN + "azure-resource-manager/troubleshooting/error-not-found",
    ),
    throttled=Error(
        "TooManyRequests",
        "The request is being throttled.",
        _LEARN + "azure-resource-manager/management/request-limits-and-throttling",
    ),
    # these come with their parent: creating them sets what is there
    puts=frozenset({"azure-native:storage:BlobServiceProperties"}),
    in_use=(
        InUse(
            _SUBNET,
            (_ENDPOINT, _CLUSTER, _POOL, _ENVIRONMENT),
            Error(
                "InUseSubnetCannotBeDeleted",
                "Subnet {name} is in use by {user} and cannot be deleted. In order to delete the subnet, delete all "
                "the resources within the subnet.",
                _NET + "virtual-network-troubleshoot-cannot-delete-vnet",
            ),
        ),
        InUse(
            "azure-native:network:NetworkSecurityGroup",
            (_SUBNET,),
            Error(
                "InUseNetworkSecurityGroupCannotBeDeleted",
                "Network security group {id} cannot be deleted because it is in use by the following resources: {user}",
                _REST + "virtualnetwork/network-security-groups/delete",
            ),
        ),
        InUse(
            "azure-native:network:NatGateway",
            (_SUBNET,),
            Error(
                "InUseNatGatewayCannotBeDeleted",
                "Nat gateway {id} cannot be deleted because it is in use by {user}",
                _REST + "virtualnetwork/nat-gateways/delete",
            ),
        ),
        InUse(
            "azure-native:network:PublicIPAddress",
            ("azure-native:network:NatGateway",),
            Error(
                "PublicIPAddressCannotBeDeleted",
                "Public IP address {id} can not be deleted since it is still allocated to resource {user}",
                _REST + "virtualnetwork/public-ip-addresses/delete",
            ),
        ),
        InUse(
            _ZONE,
            ("azure-native:privatedns:VirtualNetworkLink#privateZoneName",),
            Error(
                "CannotDeleteResource",
                "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: "
                "'{user}'.",
                _LEARN + "dns/private-dns-virtual-network-links",
            ),
        ),
        InUse(
            "azure-native:authorization:RoleDefinition",
            ("azure-native:authorization:RoleAssignment",),
            Error(
                "RoleDefinitionHasAssignments",
                "There are existing role assignments referencing role",
                _LEARN + "role-based-access-control/troubleshoot-limits",
            ),
        ),
        InUse(
            _ENVIRONMENT,
            ("azure-native:app:ContainerApp",),
            Error(
                "ManagedEnvironmentHasContainerApps",
                "Managed environment {name} cannot be deleted while it has container apps: {user}",
                _REST + "containerapps/managed-environments/delete",
            ),
        ),
    ),
    frozen=(
        _frozen(_POOL, "osDiskType", "PropertyChangeNotAllowed", _POOLS_API),
        _frozen(_POOL, "maxPods", "PropertyChangeNotAllowed", _POOLS_API),
        _frozen(_POOL, "scaleSetPriority", "PropertyChangeNotAllowed", _POOLS_API),
        _frozen(_POOL, "spotMaxPrice", "PropertyChangeNotAllowed", _POOLS_API),
        _frozen(_POOL, "availabilityZones", "PropertyChangeNotAllowed", _POOLS_API),
        _frozen(
            _ONLINE,
            "properties.authMode",
            "BadRequest",
            _REST + "azureml/online-endpoints/create-or-update",
        ),
        _frozen(
            "azure-native:containerregistry:Registry",
            "encryption.status",
            "EncryptionCannotBeChanged",
            _LEARN + "container-registry/tutorial-enable-customer-managed-keys",
        ),
    ),
    stays=(
        Stays(
            _VAULT,
            90,
            "the vault and its keys can be recovered for 7 to 90 days",
            Error(
                "ConflictError",
                "A vault with the same name already exists in deleted state.",
                _LEARN + "key-vault/general/soft-delete-overview",
                "recover it, or take another name: purge protection keeps the name until the days are over",
            ),
        ),
        Stays("azure-native:keyvault:Key", 90, "the key can be recovered as long as its vault"),
        Stays(
            _WORKSPACE,
            14,
            "the workspace can be recovered for 14 days",
            Error(
                "Conflict",
                "Soft-deleted workspace exists. Please purge or recover it.",
                _LEARN + "machine-learning/concept-soft-delete",
                "purge it: az ml workspace delete --permanently-delete",
            ),
        ),
        Stays(
            "azure-native:operationalinsights:Workspace",
            14,
            "the workspace and its logs can be recovered for 14 days",
            revived=True,
        ),
    ),
    # role assignments name a principal that other regions of Entra ID may not know yet; the provider tries again
    settles=(
        Settles(
            "azure-native:managedidentity:UserAssignedIdentity",
            30,
            ("azure-native:authorization:RoleAssignment",),
            True,
            Error(
                "PrincipalNotFound",
                "Principal {id} does not exist in the directory",
                _LEARN + "role-based-access-control/troubleshooting#symptom---assigning-a-role-to-a-new-principal",
            ),
        ),
    ),
    inside=(_GROUP, _VNET, _VAULT, _ACCOUNT, _CLUSTER, _WORKSPACE, _ONLINE, _ZONE),
    takes=(
        Takes(_CLUSTER, 420, 360, _LEARN + "aks/learn/quick-kubernetes-deploy-cli"),
        Takes(_POOL, 180, 180, _LEARN + "aks/create-node-pools"),
        Takes("azure-native:dashboard:Grafana", 300, 300, _LEARN + "managed-grafana/quickstart-managed-grafana-cli"),
        Takes(_ENVIRONMENT, 300, 300, _LEARN + "container-apps/quickstart-code-to-cloud"),
        Takes(_WORKSPACE, 60, 60, _LEARN + "machine-learning/how-to-manage-workspace"),
        Takes(_ENDPOINT, 60, 60, _LEARN + "private-link/create-private-endpoint-cli"),
        Takes(_ONLINE, 120, 120, _LEARN + "machine-learning/how-to-deploy-online-endpoints"),
    ),
    owned=(
        Owned(_POOL, "count", "maxCount", _LEARN + "aks/cluster-autoscaler", only_if="enableAutoScaling"),
        Owned(_CLUSTER, "agentPoolProfiles.*.count", "agentPoolProfiles.*.maxCount", _LEARN + "aks/cluster-autoscaler"),
    ),
)
