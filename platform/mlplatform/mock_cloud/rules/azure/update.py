"""What Azure refuses to change, changes by itself, and replaces for a change."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.azure.tokens import CLUSTER, LEARN, ONLINE, POOL, REST
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.mock_cloud.rules.update import (
    AutoscaledCount,
    ControlPlaneRule,
    ImmutableRule,
    PoolVersionRule,
    RecyclingRule,
)

_POOLS_API = REST + "aks/agent-pools/create-or-update"


def _immutable(token: str, path: str, code: str, source: str) -> ImmutableRule:
    error = CloudError(
        code,
        "Changing property '{user}' is not allowed.",
        source,
        "this property is fixed at creation: give the resource another name so that a new one is created beside it",
    )
    return ImmutableRule(token, path, error)


IMMUTABLE = (
    _immutable(POOL, "osDiskType", "PropertyChangeNotAllowed", _POOLS_API),
    _immutable(POOL, "maxPods", "PropertyChangeNotAllowed", _POOLS_API),
    _immutable(POOL, "scaleSetPriority", "PropertyChangeNotAllowed", _POOLS_API),
    _immutable(POOL, "spotMaxPrice", "PropertyChangeNotAllowed", _POOLS_API),
    _immutable(POOL, "availabilityZones", "PropertyChangeNotAllowed", _POOLS_API),
    _immutable(
        ONLINE,
        "properties.authMode",
        "BadRequest",
        REST + "azureml/online-endpoints/create-or-update",
    ),
    _immutable(
        "azure-native:containerregistry:Registry",
        "encryption.status",
        "EncryptionCannotBeChanged",
        LEARN + "container-registry/tutorial-enable-customer-managed-keys",
    ),
)

AUTOSCALED = (
    AutoscaledCount(POOL, "count", "maxCount", LEARN + "aks/cluster-autoscaler", only_if="enableAutoScaling"),
    AutoscaledCount(
        "azure-native:dbforpostgresql:Server",
        "storage.storageSizeGB",
        "",
        LEARN + "postgresql/flexible-server/concepts-storage#storage-autogrow",
    ),
    AutoscaledCount(
        CLUSTER, "agentPoolProfiles.*.count", "agentPoolProfiles.*.maxCount", LEARN + "aks/cluster-autoscaler"
    ),
)

CONTROL_PLANES = (
    ControlPlaneRule(
        CLUSTER,
        "kubernetesVersion",
        CloudError(
            "OperationNotAllowed",
            "Upgrading Kubernetes version {id} to {user} is not allowed. You can only upgrade one minor version at "
            "a time.",
            LEARN + "aks/upgrade-aks-control-plane#kubernetes-version-upgrade-rules",
            "a control plane is upgraded one minor version at a time: one `up` for each",
        ),
        CloudError(
            "OperationNotAllowed",
            "Downgrading Kubernetes version {id} to {user} is not allowed.",
            LEARN + "aks/upgrade-node-pools#validation-rules-for-upgrades",
            "a control plane never goes back to an earlier version",
        ),
        channel="autoUpgradeProfile.upgradeChannel",
        with_pools=CloudError(
            "NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged",
            "Using managed cluster api, all Agent pools' OrchestratorVersion must be all specified or all "
            "unspecified. If all specified, they must be stay unchanged or the same with control plane.",
            LEARN + "aks/auto-upgrade-cluster#control-plane-upgrade-constraints",
            "with an upgrade channel, AKS upgrades no control plane alone: set the channel to none",
        ),
    ),
)

POOL_VERSIONS = (
    PoolVersionRule(
        POOL,
        "orchestratorVersion",
        "resourceName",
        CLUSTER,
        CloudError(
            "AgentPoolUpgradeVersionNotAllowed",
            "Upgrade agent pool version from {id} to {user} is not allowed: it can be neither above the control "
            "plane's nor lowered",
            LEARN + "aks/upgrade-node-pools#validation-rules-for-upgrades",
            "the control plane comes first: make the pool depend on the cluster",
        ),
    ),
)

RECYCLING = (
    RecyclingRule(POOL, ("orchestratorVersion",), "its nodes", LEARN + "aks/upgrade-aks-cluster"),
    RecyclingRule(
        "azure-native:app:ContainerApp",
        ("template",),
        "its replicas",
        LEARN + "container-apps/revisions#revision-scope-changes",
    ),
)
