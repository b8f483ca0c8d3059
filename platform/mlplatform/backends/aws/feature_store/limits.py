"""What AWS cannot do of a feature store. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.pipelines.limits import task_image_problems
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.feature_limits import managed_limit
from mlplatform.components.fill_document import fill_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = (
    managed_limit(
        "the provider's SageMaker FeatureGroup is replaced, with all its values, when a feature is added or two change "
        "places (https://github.com/hashicorp/terraform-provider-aws/issues/36784), and Cloud Control, which may add "
        "one in place, replaces the group with each new tag"
    ),
)
"""Fields of feature stores that AWS does not honour, or in part."""


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Images that the task that fills does not reach, and definitions that it cannot be told."""
    del target
    if spec.feature_store and spec.feature_store.fill:
        # one of the platform's own repositories may always be pulled
        image = spec.feature_store.fill.image if "/" in spec.feature_store.fill.image else None
        yield from task_image_problems(backend, spec, image, "feature_store.fill.image", "that of the job that fills")
        yield from fill_problems(spec, backend)
