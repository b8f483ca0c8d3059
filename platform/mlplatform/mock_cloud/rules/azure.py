"""Refusals, leftovers and durations of Azure."""

from __future__ import annotations

from mlplatform.catalog.deletion import DELETIONS
from mlplatform.mock_cloud.rules.base import (
    AutoscaledCount,
    CloudError,
    CloudRules,
    ControlPlaneRule,
    DurationRule,
    EffectRule,
    ImmutableRule,
    InUseRule,
    LeftoverRule,
    PoolVersionRule,
    PropagationRule,
    RecyclingRule,
)

_LEARN = "https://learn.microsoft.com/azure/"
_REST = "https://learn.microsoft.com/rest/api/"
_NET = "https://learn.microsoft.com/troubleshoot/azure/virtual-network/"
_GROUP = "azure-native:resources:ResourceGroup"
_SUBNET = "azure-native:network:Subnet"
_VNET = "azure-native:network:VirtualNetwork"
_ENDPOINT = "azure-native:network:PrivateEndpoint"
_LUSTRE = "azure-native:storagecache:AmlFilesystem"
_CLUSTER = "azure-native:containerservice:ManagedCluster"
_POOL = "azure-native:containerservice:AgentPool"
_ENVIRONMENT = "azure-native:app:ManagedEnvironment"
_WORKSPACE = "azure-native:machinelearningservices:Workspace"
_ONLINE = "azure-native:machinelearningservices:OnlineEndpoint"
_ZONE = "azure-native:privatedns:PrivateZone"
_ACCOUNT = "azure-native:storage:StorageAccount"
_LOGS = "azure-native:operationalinsights:Workspace"
_VAULT = "azure-native:keyvault:Vault"
_POOLS_API = _REST + "aks/agent-pools/create-or-update"


def _immutable(token: str, path: str, code: str, source: str) -> ImmutableRule:
    error = CloudError(
        code,
        "Changing property '{user}' is not allowed.",
        source,
        "this property is fixed at creation: give the resource another name so that a new one is created beside it",
    )
    return ImmutableRule(token, path, error)


_ROLES = "azure-native:authorization:RoleAssignment"
_READ = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
_EARLY_KEY = CloudError(
    "KeyVaultAuthenticationFailure",
    "The operation failed because of authentication issue on the keyvault.",
    "https://github.com/Azure/bicep/issues/16601",
)
_EARLY_CLUSTER = CloudError(
    "CustomKubeletIdentityMissingPermissionError",
    "The cluster using user-assigned managed identity must be granted the roles that it uses beforehand; '{user}' is "
    "not in effect yet.",
    _LEARN + "aks/use-managed-identity",
)
_EARLY_WORKSPACE = CloudError(
    "ForbiddenError",
    "The workspace's managed identity does not have the permissions of '{user}' yet.",
    _LEARN + "machine-learning/how-to-identity-based-service-authentication",
)


RULES = CloudRules(
    denied=CloudError(
        "AuthorizationFailed",
        "The client does not have authorization to perform action '{user}' over scope '{id}' or the scope is invalid. "
        "If access was recently granted, please refresh your credentials.",
        "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting",
        "the identity that runs `up` lacks a right: `mlplatform bootstrap` derives all that the plan takes",
    ),
    # the provider checks first whether the resource exists, so that a create never becomes an update
    exists=CloudError(
        "cannot create already existing resource",
        "'{id}'",
        "https://www.pulumi.com/registry/packages/azure-native/",
        "a resource of that name exists and is not in the stack's state: import it, or delete it if nothing needs it",
    ),
    missing=CloudError(
        "ResourceNotFound",
        "The Resource '{id}' was not found.",
        _LEARN + "azure-resource-manager/troubleshooting/error-not-found",
    ),
    throttled=CloudError(
        "TooManyRequests",
        "The request is being throttled.",
        _LEARN + "azure-resource-manager/management/request-limits-and-throttling",
    ),
    # these exist with their parent: creating them sets the existing one
    upserts=frozenset({"azure-native:storage:BlobServiceProperties"}),
    in_use=(
        InUseRule(
            _SUBNET,
            (_ENDPOINT, _CLUSTER, _POOL, _ENVIRONMENT, _LUSTRE),
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
                _REST + "virtualnetwork/network-security-groups/delete",
            ),
        ),
        InUseRule(
            "azure-native:network:NatGateway",
            (_SUBNET,),
            CloudError(
                "InUseNatGatewayCannotBeDeleted",
                "Nat gateway {id} cannot be deleted because it is in use by {user}",
                _REST + "virtualnetwork/nat-gateways/delete",
            ),
        ),
        InUseRule(
            "azure-native:network:PublicIPAddress",
            ("azure-native:network:NatGateway",),
            CloudError(
                "PublicIPAddressCannotBeDeleted",
                "Public IP address {id} can not be deleted since it is still allocated to resource {user}",
                _REST + "virtualnetwork/public-ip-addresses/delete",
            ),
        ),
        InUseRule(
            _ZONE,
            ("azure-native:privatedns:VirtualNetworkLink#privateZoneName",),
            CloudError(
                "CannotDeleteResource",
                "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: "
                "'{user}'.",
                _LEARN + "dns/private-dns-virtual-network-links",
            ),
        ),
        InUseRule(
            "azure-native:authorization:RoleDefinition",
            ("azure-native:authorization:RoleAssignment",),
            CloudError(
                "RoleDefinitionHasAssignments",
                "There are existing role assignments referencing role",
                _LEARN + "role-based-access-control/troubleshoot-limits",
            ),
        ),
        InUseRule(
            _ENVIRONMENT,
            ("azure-native:app:ContainerApp",),
            CloudError(
                "ManagedEnvironmentHasContainerApps",
                "Managed environment {name} cannot be deleted while it has container apps: {user}",
                _REST + "containerapps/managed-environments/delete",
            ),
        ),
    ),
    immutable=(
        _immutable(_POOL, "osDiskType", "PropertyChangeNotAllowed", _POOLS_API),
        _immutable(_POOL, "maxPods", "PropertyChangeNotAllowed", _POOLS_API),
        _immutable(_POOL, "scaleSetPriority", "PropertyChangeNotAllowed", _POOLS_API),
        _immutable(_POOL, "spotMaxPrice", "PropertyChangeNotAllowed", _POOLS_API),
        _immutable(_POOL, "availabilityZones", "PropertyChangeNotAllowed", _POOLS_API),
        _immutable(
            _ONLINE,
            "properties.authMode",
            "BadRequest",
            _REST + "azureml/online-endpoints/create-or-update",
        ),
        _immutable(
            "azure-native:containerregistry:Registry",
            "encryption.status",
            "EncryptionCannotBeChanged",
            _LEARN + "container-registry/tutorial-enable-customer-managed-keys",
        ),
    ),
    leftovers=(
        LeftoverRule(
            _VAULT,
            DELETIONS[_VAULT].days,
            "the vault and its keys can be recovered for 7 to 90 days",
            CloudError(
                "ConflictError",
                "A vault with the same name already exists in deleted state.",
                _LEARN + "key-vault/general/soft-delete-overview",
                "recover it, or choose another name: purge protection keeps the name until the retention ends",
            ),
        ),
        LeftoverRule("azure-native:keyvault:Key", 90, "the key can be recovered as long as its vault"),
        LeftoverRule(
            _WORKSPACE,
            DELETIONS[_WORKSPACE].days,
            "the workspace can be recovered for 14 days",
            CloudError(
                "Conflict",
                "Soft-deleted workspace exists. Please purge or recover it.",
                _LEARN + "machine-learning/concept-soft-delete",
                "purge it: az ml workspace delete --permanently-delete",
            ),
        ),
        LeftoverRule(
            _LOGS,
            DELETIONS[_LOGS].days,
            "the workspace and its logs can be recovered for 14 days",
            recovered=True,
        ),
    ),
    # role assignments name a principal that other regions of Entra ID may not know yet; the provider retries
    propagation=(
        PropagationRule(
            "azure-native:managedidentity:UserAssignedIdentity",
            30,
            ("azure-native:authorization:RoleAssignment",),
            True,
            CloudError(
                "PrincipalNotFound",
                "Principal {id} does not exist in the directory",
                _LEARN + "role-based-access-control/troubleshooting#symptom---assigning-a-role-to-a-new-principal",
            ),
        ),
    ),
    effects=(
        EffectRule(
            _ROLES,
            ("roleDefinitionId", ".*/e147488a-f6f5-4113-8e2d-b22465e65bf6"),
            (_ACCOUNT, "azure-native:compute:DiskEncryptionSet", "azure-native:containerregistry:Registry", _WORKSPACE),
            _EARLY_KEY,
            to="principalId",
        ),
        # nodes pull images later, and try again
        EffectRule(_ROLES, ("roleDefinitionId", f".*/(?!{_PULL})[^/]*"), (_CLUSTER,), _EARLY_CLUSTER, to="principalId"),
        # it reads the private endpoints of its storage only later, for Studio
        EffectRule(
            _ROLES, ("roleDefinitionId", f".*/(?!{_READ})[^/]*"), (_WORKSPACE,), _EARLY_WORKSPACE, to="principalId"
        ),
    ),
    containers=(_GROUP, _VNET, _VAULT, _ACCOUNT, _CLUSTER, _WORKSPACE, _ONLINE, _ZONE),
    durations=(
        DurationRule(_CLUSTER, 420, 360, _LEARN + "aks/learn/quick-kubernetes-deploy-cli"),
        DurationRule(_POOL, 180, 180, _LEARN + "aks/create-node-pools"),
        DurationRule(
            "azure-native:dashboard:Grafana", 300, 300, _LEARN + "managed-grafana/quickstart-managed-grafana-cli"
        ),
        DurationRule(
            "azure-native:redisenterprise:RedisEnterprise", 900, 600, _LEARN + "redis/quickstart-create-managed-redis"
        ),
        DurationRule(_ENVIRONMENT, 300, 300, _LEARN + "container-apps/quickstart-code-to-cloud"),
        DurationRule(_WORKSPACE, 60, 60, _LEARN + "machine-learning/how-to-manage-workspace"),
        DurationRule(_ENDPOINT, 60, 60, _LEARN + "private-link/create-private-endpoint-cli"),
        DurationRule(_ONLINE, 120, 120, _LEARN + "machine-learning/how-to-deploy-online-endpoints"),
    ),
    autoscaled=(
        AutoscaledCount(_POOL, "count", "maxCount", _LEARN + "aks/cluster-autoscaler", only_if="enableAutoScaling"),
        AutoscaledCount(
            _CLUSTER, "agentPoolProfiles.*.count", "agentPoolProfiles.*.maxCount", _LEARN + "aks/cluster-autoscaler"
        ),
    ),
    control_planes=(
        ControlPlaneRule(
            _CLUSTER,
            "kubernetesVersion",
            CloudError(
                "OperationNotAllowed",
                "Upgrading Kubernetes version {id} to {user} is not allowed. You can only upgrade one minor version at "
                "a time.",
                _LEARN + "aks/upgrade-aks-control-plane#kubernetes-version-upgrade-rules",
                "a control plane is upgraded one minor version at a time: one `up` for each",
            ),
            CloudError(
                "OperationNotAllowed",
                "Downgrading Kubernetes version {id} to {user} is not allowed.",
                _LEARN + "aks/upgrade-node-pools#validation-rules-for-upgrades",
                "a control plane never goes back to an earlier version",
            ),
            channel="autoUpgradeProfile.upgradeChannel",
            with_pools=CloudError(
                "NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged",
                "Using managed cluster api, all Agent pools' OrchestratorVersion must be all specified or all "
                "unspecified. If all specified, they must be stay unchanged or the same with control plane.",
                _LEARN + "aks/auto-upgrade-cluster#control-plane-upgrade-constraints",
                "with an upgrade channel, AKS upgrades no control plane alone: set the channel to none",
            ),
        ),
    ),
    pool_versions=(
        PoolVersionRule(
            _POOL,
            "orchestratorVersion",
            "resourceName",
            _CLUSTER,
            CloudError(
                "AgentPoolUpgradeVersionNotAllowed",
                "Upgrade agent pool version from {id} to {user} is not allowed: it can be neither above the control "
                "plane's nor lowered",
                _LEARN + "aks/upgrade-node-pools#validation-rules-for-upgrades",
                "the control plane comes first: make the pool depend on the cluster",
            ),
        ),
    ),
    recycling=(
        RecyclingRule(_POOL, ("orchestratorVersion",), "its nodes", _LEARN + "aks/upgrade-aks-cluster"),
        RecyclingRule(
            "azure-native:app:ContainerApp",
            ("template",),
            "its replicas",
            _LEARN + "container-apps/revisions#revision-scope-changes",
        ),
    ),
)
