"""Resource providers and features that a subscription registers once. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.file_system_sizes import created_file_system
from mlplatform.spec.platform import PlatformSpec

PROVIDERS = (
    "AlertsManagement",
    "App",
    "Compute",
    "Consumption",
    "ContainerRegistry",
    "ContainerService",
    "Dashboard",
    "DocumentDB",
    "Insights",
    "KeyVault",
    "Logic",
    "MachineLearningServices",
    "ManagedIdentity",
    "Monitor",
    "Network",
    "Notebooks",
    "OperationalInsights",
    "PolicyInsights",
    "Search",
    "Security",
    "Storage",
)
"""Resource providers of every platform's resources; no resource can register one.

Three belong to the machine learning workspace, which makes resources of theirs itself: `Notebooks`, and with a
customer's key `DocumentDB` and `Search`, https://learn.microsoft.com/azure/machine-learning/how-to-setup-customer-managed-keys
"""

_FILE_SYSTEM = "StorageCache"
"""Resource provider of Azure Managed Lustre, for the specs that make one."""

_EVENTS = "EventGrid"
"""Resource provider of Event Grid, for the specs whose pipelines new data starts."""

_DATABASES = "DBforPostgreSQL"
"""Resource provider of PostgreSQL, for the specs with a tracking server of ours."""

_REDIS = "Cache"
"""Resource provider of Azure Managed Redis, for the specs with features online."""

HOST_ENCRYPTION = ("Microsoft.Compute", "EncryptionAtHost")
SHARED_INFINIBAND = ("Microsoft.ContainerService", "AKSInfinibandSupport")


def needed_providers(spec: PlatformSpec) -> tuple[str, ...]:
    """Resource providers of a narrowed spec's resources, without `Microsoft.`."""
    events = any(pipeline.triggers.data for pipeline in spec.door_pipelines if pipeline.triggers)
    needed = {
        _FILE_SYSTEM: created_file_system(spec) is not None,
        _EVENTS: events,
        _DATABASES: spec.own_tracking is not None,
        _REDIS: bool(spec.feature_store and spec.feature_store.online_groups),
    }
    return (*PROVIDERS, *(provider for provider, used in needed.items() if used))


def needed_features(spec: PlatformSpec) -> tuple[tuple[str, str], ...]:
    """Features that the spec's resources need, each with its resource provider first."""
    training = spec.training
    if training is None:
        return ()
    fabric = any(pool.fabric for pool in training.pools)
    return (HOST_ENCRYPTION, SHARED_INFINIBAND) if fabric else (HOST_ENCRYPTION,)
