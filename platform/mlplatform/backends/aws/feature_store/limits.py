"""What AWS cannot do of a feature store. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.feature_store.names import GROUP_NAME, group_name
from mlplatform.backends.aws.pipelines.limits import task_image_problems
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.feature_limits import managed_groups, managed_name_problems
from mlplatform.components.fill_document import fill_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

RESERVED = ("api_invocation_time", "is_deleted", "write_time")
"""Features that SageMaker keeps for itself,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_FeatureDefinition.html"""


def _with_two_keys(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, group in managed_groups(spec):
        if len(group.entities) > 1:
            yield f"feature_store.groups[{index}].entities", ", ".join(group.entities)


LIMITS: tuple[Limit, ...] = (
    Limit(
        field="feature_store.groups.entities",
        support="partial",
        reason="with engine managed: a feature group of SageMaker has one column that identifies a record "
        "(https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateFeatureGroup.html)",
        alternative="give the group one entity, whose key has the keys of both; or leave engine out",
        violations=_with_two_keys,
    ),
)
"""Fields of feature stores that AWS does not honour, or in part."""


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Names that SageMaker does not take, images that the task that fills does not reach, and definitions that it
    cannot be told."""
    del target
    yield from managed_name_problems(
        spec,
        backend,
        service="SageMaker",
        name_of=group_name,
        longest=GROUP_NAME,
        reserved=RESERVED,
        wanted=f"a name that SageMaker does not keep for itself, as it does {', '.join(RESERVED)}",
    )
    if spec.feature_store and spec.feature_store.fill:
        # one of the platform's own repositories may always be pulled
        image = spec.feature_store.fill.image if "/" in spec.feature_store.fill.image else None
        yield from task_image_problems(backend, spec, image, "feature_store.fill.image", "that of the job that fills")
        yield from fill_problems(spec, backend)
