"""What Azure refuses about several targets of one spec. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend
from mlplatform.components.siblings import only_one
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def sibling_problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Settings of one subscription that two targets would own."""
    yield from only_one(backend, spec, AzureTarget, "subscription_audit", _same_subscription, "the subscription")


def _same_subscription(one: AzureTarget, other: AzureTarget) -> bool:
    return one.subscription_id == other.subscription_id
