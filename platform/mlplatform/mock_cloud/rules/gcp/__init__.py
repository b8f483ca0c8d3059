"""Refusals, leftovers and durations of Google Cloud."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.base import CloudRules
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.mock_cloud.rules.gcp import creation, deletion, timing, update
from mlplatform.mock_cloud.rules.gcp.tokens import REF

RULES = CloudRules(
    denied=CloudError(
        "403",
        "Permission '{user}' denied on resource '{id}' (or it may not exist).",
        "https://docs.cloud.google.com/iam/docs/troubleshoot-policies",
        "the identity that runs `up` lacks a right: `mlplatform bootstrap` derives all that the plan takes",
    ),
    exists=CloudError(
        "alreadyExists",
        "googleapi: Error 409: The resource '{id}' already exists",
        "https://cloud.google.com/apis/design/errors#handling_errors",
        "a resource of that name exists and is not in the stack's state: import it, or delete it if nothing needs it",
    ),
    missing=CloudError(
        "notFound",
        "googleapi: Error 404: The resource '{id}' was not found",
        "https://cloud.google.com/apis/design/errors#handling_errors",
    ),
    throttled=CloudError(
        "rateLimitExceeded",
        "googleapi: Error 429: Quota exceeded for quota metric",
        REF + "docs/quotas/troubleshoot",
    ),
    upserts=creation.UPSERTS,
    autoscaled=update.AUTOSCALED,
    control_planes=update.CONTROL_PLANES,
    recycling=update.RECYCLING,
    in_use=deletion.IN_USE,
    protected=deletion.PROTECTED,
    non_empty=deletion.NON_EMPTY,
    leftovers=deletion.LEFTOVERS,
    propagation=timing.PROPAGATION,
    effects=timing.EFFECTS,
    durations=timing.DURATIONS,
)
