"""Refusals, leftovers and durations of Azure."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.azure import creation, deletion, reading, timing, update
from mlplatform.mock_cloud.rules.azure.tokens import LEARN
from mlplatform.mock_cloud.rules.base import CloudRules
from mlplatform.mock_cloud.rules.error import CloudError

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
        LEARN + "azure-resource-manager/troubleshooting/error-not-found",
    ),
    throttled=CloudError(
        "TooManyRequests",
        "The request is being throttled.",
        LEARN + "azure-resource-manager/management/request-limits-and-throttling",
    ),
    upserts=creation.UPSERTS,
    immutable=update.IMMUTABLE,
    autoscaled=update.AUTOSCALED,
    control_planes=update.CONTROL_PLANES,
    pool_versions=update.POOL_VERSIONS,
    recycling=update.RECYCLING,
    read_back=reading.READ_BACK,
    in_use=deletion.IN_USE,
    leftovers=deletion.LEFTOVERS,
    containers=deletion.CONTAINERS,
    propagation=timing.PROPAGATION,
    effects=timing.EFFECTS,
    durations=timing.DURATIONS,
)
