"""Azure properties that exclude or imply others."""

from __future__ import annotations

from mlplatform.providers.rules.base import ConflictRule, WhenRule

_LEARN = "https://learn.microsoft.com/"
_AKS = _LEARN + "rest/api/aks/agent-pools/create-or-update"
_CLUSTERS = _LEARN + "rest/api/aks/managed-clusters/create-or-update"
_POOL = "azure-native:containerservice:AgentPool"
_CLUSTER = "azure-native:containerservice:ManagedCluster"
_DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
CONFLICTS = (
    ConflictRule("azure-native:network:Subnet", "addressPrefix", "addressPrefixes", _LEARN + "azure/virtual-network/"),
    ConflictRule(_CLUSTER, "dnsPrefix", "fqdnSubdomain", _CLUSTERS),
    ConflictRule(_POOL, "capacityReservationGroupID", "proximityPlacementGroupID", _AKS),
)


_LUSTRE = "azure-native:storagecache:AmlFilesystem"
_LUSTRE_SIZES = _LEARN + "azure/azure-managed-lustre/create-file-system-resource-manager"

WHEN = (
    *(
        WhenRule(
            _LUSTRE,
            "sku.name",
            f"AMLFS-Durable-Premium-{throughput}",
            "storageCapacityTiB",
            _LUSTRE_SIZES,
            f"a multiple of {step} up to {most}",
            allowed=tuple(range(step, most + 1, step)),
        )
        for throughput, step, most in ((40, 48, 768), (125, 16, 128), (250, 8, 128), (500, 4, 128))
    ),
    WhenRule(_POOL, "enableAutoScaling", True, "minCount", _AKS, "the autoscaler's lower bound"),
    WhenRule(_POOL, "enableAutoScaling", True, "maxCount", _AKS, "the autoscaler's upper bound"),
    WhenRule(_POOL, "scaleSetPriority", "Spot", "mode", _AKS, "spot pools are user pools", allowed=("User",)),
    WhenRule(
        _DEPLOYMENT,
        "properties.endpointComputeType",
        "Managed",
        "sku",
        _LEARN + "rest/api/azureml/online-deployments/create-or-update",
        "the number of instances",
    ),
    *(
        WhenRule(
            "azure-native:containerregistry:Registry",
            "sku.name",
            size,
            "publicNetworkAccess",
            _LEARN + "azure/container-registry/container-registry-skus",
            "private registries need Premium",
            allowed=("Enabled",),
        )
        for size in ("Basic", "Standard")
    ),
    WhenRule(
        "azure-native:storage:StorageAccount",
        "encryption.keySource",
        "Microsoft.Keyvault",
        "encryption.keyVaultProperties",
        _LEARN + "azure/storage/common/customer-managed-keys-overview",
        "the vault and key",
    ),
)
