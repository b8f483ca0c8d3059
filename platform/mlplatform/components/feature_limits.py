"""What no cloud's backend can do of a feature store. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.backend import Limit
from mlplatform.spec.feature_store import FeatureGroupSpec
from mlplatform.spec.platform import PlatformSpec


def _managed(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.feature_store and spec.feature_store.engine == "managed":
        yield "feature_store.engine", "managed"


def managed_groups(spec: PlatformSpec) -> Iterator[tuple[int, FeatureGroupSpec]]:
    """Position and group of everything that the cloud's own feature store keeps.

    Args:
        spec: the platform.
    """
    if spec.feature_store and spec.feature_store.engine == "managed":
        yield from ((index, group) for index, group in enumerate(spec.feature_store.groups) if group.online)


def managed_limit(reason: str) -> Limit:
    """The cloud's own feature store, which the platform does not make.

    Args:
        reason: why, in the cloud's own terms.
    """
    return Limit(
        field="feature_store.engine",
        support="partial",
        reason=reason,
        alternative="leave it out: Feast keeps the same definitions, and its online store is made on this cloud too",
        violations=_managed,
    )
