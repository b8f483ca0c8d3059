"""How long changes take on Azure, and what is in effect only some time after its creation."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.azure.tokens import (
    ACCOUNT,
    CLUSTER,
    ENDPOINT,
    ENVIRONMENT,
    LEARN,
    ONLINE,
    POOL,
    WORKSPACE,
)
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.mock_cloud.rules.timing import DurationRule, EffectRule, PropagationRule

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
    LEARN + "aks/use-managed-identity",
)

_EARLY_WORKSPACE = CloudError(
    "ForbiddenError",
    "The workspace's managed identity does not have the permissions of '{user}' yet.",
    LEARN + "machine-learning/how-to-identity-based-service-authentication",
)


# role assignments name a principal that other regions of Entra ID may not know yet; the provider retries
PROPAGATION = (
    PropagationRule(
        "azure-native:managedidentity:UserAssignedIdentity",
        30,
        ("azure-native:authorization:RoleAssignment",),
        True,
        CloudError(
            "PrincipalNotFound",
            "Principal {id} does not exist in the directory",
            LEARN + "role-based-access-control/troubleshooting#symptom---assigning-a-role-to-a-new-principal",
        ),
    ),
)

EFFECTS = (
    EffectRule(
        _ROLES,
        ("roleDefinitionId", ".*/e147488a-f6f5-4113-8e2d-b22465e65bf6"),
        (
            ACCOUNT,
            "azure-native:compute:DiskEncryptionSet",
            "azure-native:containerregistry:Registry",
            "azure-native:dbforpostgresql:Server",
            "azure-native:redisenterprise:RedisEnterprise",
            "azure-native:storagecache:AmlFilesystem",
            WORKSPACE,
        ),
        _EARLY_KEY,
        to="principalId",
    ),
    # nodes pull images later, and try again
    EffectRule(_ROLES, ("roleDefinitionId", f".*/(?!{_PULL})[^/]*"), (CLUSTER,), _EARLY_CLUSTER, to="principalId"),
    # it reads the private endpoints of its storage only later, for Studio
    EffectRule(_ROLES, ("roleDefinitionId", f".*/(?!{_READ})[^/]*"), (WORKSPACE,), _EARLY_WORKSPACE, to="principalId"),
)

DURATIONS = (
    DurationRule(CLUSTER, 420, 360, LEARN + "aks/learn/quick-kubernetes-deploy-cli"),
    DurationRule(POOL, 180, 180, LEARN + "aks/create-node-pools"),
    DurationRule("azure-native:dashboard:Grafana", 300, 300, LEARN + "managed-grafana/quickstart-managed-grafana-cli"),
    DurationRule(
        "azure-native:redisenterprise:RedisEnterprise", 900, 600, LEARN + "redis/quickstart-create-managed-redis"
    ),
    DurationRule(ENVIRONMENT, 300, 300, LEARN + "container-apps/quickstart-code-to-cloud"),
    DurationRule(WORKSPACE, 60, 60, LEARN + "machine-learning/how-to-manage-workspace"),
    DurationRule(ENDPOINT, 60, 60, LEARN + "private-link/create-private-endpoint-cli"),
    DurationRule(ONLINE, 120, 120, LEARN + "machine-learning/how-to-deploy-online-endpoints"),
)
