"""What the clouds' own feature stores would keep. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from mlplatform.spec.feature_store import FeatureGroupSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

if TYPE_CHECKING:
    from mlplatform.components.backend import Backend


def managed_groups(spec: PlatformSpec) -> Iterator[tuple[int, FeatureGroupSpec]]:
    """Position and group of everything that the cloud's own feature store keeps.

    Args:
        spec: the platform.
    """
    if spec.feature_store and spec.feature_store.engine == "managed":
        yield from ((index, group) for index, group in enumerate(spec.feature_store.groups) if group.online)


def managed_name_problems(
    spec: PlatformSpec,
    backend: Backend,
    *,
    service: str,
    name_of: Callable[[PlatformSpec, str], str],
    longest: int,
    reserved: Sequence[str],
    wanted: str,
) -> Iterator[Problem]:
    """Groups and features whose names the cloud's own feature store does not take.

    Args:
        spec: the platform.
        backend: of the target.
        service: the feature store, as people call it.
        name_of: the name that a group has there.
        longest: characters of that name.
        reserved: features that may not be called so.
        wanted: what the name of a feature must be.
    """
    for index, group in managed_groups(spec):
        at = f"feature_store.groups[{index}]"
        name = name_of(spec, group.name)
        if len(name) > longest:
            yield backend.refuse(
                f"{at}.name",
                f"'{group.name}', in all {name}, {len(name)} characters",
                f"a name with which a feature group of {service} has at most {longest} characters",
                f"shorten it by {len(name) - longest}, or leave engine out",
                fields=(f"{at}.name", "feature_store.engine"),
            )
        for position, feature in enumerate(group.features):
            if feature.name in reserved:
                yield backend.refuse(
                    f"{at}.features[{position}].name",
                    f"'{feature.name}'",
                    wanted,
                    "rename the feature and its column, or leave engine out",
                    fields=(f"{at}.features", "feature_store.engine"),
                )
