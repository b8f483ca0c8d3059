"""Answers and durations of an API server; what depends on other objects is in `mock_cloud/api_server.py`."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.base import CloudRules
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.mock_cloud.rules.timing import DurationRule

_API = "https://kubernetes.io/docs/reference/using-api/api-concepts/"

RULES = CloudRules(
    exists=CloudError(
        "AlreadyExists",
        '{kind} "{id}" already exists',
        _API,
        "somebody made it outside of this stack: import it with `pulumi import`, or delete it",
    ),
    missing=CloudError("NotFound", '{kind} "{id}" not found', _API),
    denied=CloudError("Forbidden", '{kind} "{id}" is forbidden: User cannot {user}', _API),
    throttled=CloudError("TooManyRequests", "the server has received too many requests", _API),
    durations=(
        # images are pulled, pods start and become ready
        DurationRule("kubernetes:helm.sh/v3:Release", 90, 30, "https://helm.sh/docs/helm/helm_upgrade/"),
    ),
    seconds=1,
)
