"""What GCP cannot do of a feature store. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.feature_store.names import NAME, feature_group_name
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.feature_limits import managed_groups
from mlplatform.components.fill_document import fill_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = ()
"""Fields of feature stores that GCP does not honour, or in part."""

_RESERVED = ("feature_timestamp", "entity_id")
"""Columns that Vertex AI gives a meaning to."""


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Names that Vertex AI does not take, and definitions that the job that fills cannot be told."""
    del target
    for index, group in managed_groups(spec):
        at = f"feature_store.groups[{index}]"
        name = feature_group_name(spec, group.name)
        if len(name) > NAME:
            yield backend.refuse(
                f"{at}.name",
                f"'{group.name}', in all {name}, {len(name)} characters",
                f"a name with which a feature group of Vertex AI has at most {NAME} characters",
                f"shorten it by {len(name) - NAME}, or leave engine out",
                fields=(f"{at}.name", "feature_store.engine"),
            )
        for position, feature in enumerate(group.features):
            if feature.name in _RESERVED:
                yield backend.refuse(
                    f"{at}.features[{position}].name",
                    f"'{feature.name}'",
                    f"a name that Vertex AI gives no meaning to, as it does to {' and '.join(_RESERVED)}",
                    "rename the feature and its column, or leave engine out",
                    fields=(f"{at}.features", "feature_store.engine"),
                )
    yield from fill_problems(spec, backend)
