"""Refusals, leftovers and durations of AWS."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.aws import creation, deletion, timing, update
from mlplatform.mock_cloud.rules.aws.tokens import EC2, REF
from mlplatform.mock_cloud.rules.base import CloudRules
from mlplatform.mock_cloud.rules.error import CloudError

RULES = CloudRules(
    denied=CloudError(
        "AccessDenied",
        "User is not authorized to perform: {user} on resource: {id} because no identity-based policy allows the "
        "{user} action",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
        "the identity that runs `up` lacks a right: `mlplatform bootstrap` derives all that the plan takes",
    ),
    exists=CloudError(
        "ResourceAlreadyExists",
        "{kind} already exists: {id}",
        "https://www.pulumi.com/docs/iac/guides/migration/import/",
        "a resource of that name exists and is not in the stack's state: import it, or delete it if nothing needs it",
    ),
    missing=CloudError("ResourceNotFound", "The {words} '{id}' does not exist", EC2),
    throttled=CloudError("ThrottlingException", "Rate exceeded", REF + "general/latest/gr/api-retries.html"),
    upserts=creation.UPSERTS,
    singletons=creation.SINGLETONS,
    growing=update.GROWING,
    autoscaled=update.AUTOSCALED,
    bounds=update.BOUNDS,
    control_planes=update.CONTROL_PLANES,
    pool_versions=update.POOL_VERSIONS,
    recycling=update.RECYCLING,
    in_use=deletion.IN_USE,
    protected=deletion.PROTECTED,
    non_empty=deletion.NON_EMPTY,
    leftovers=deletion.LEFTOVERS,
    propagation=timing.PROPAGATION,
    effects=timing.EFFECTS,
    durations=timing.DURATIONS,
)
