"""What the clouds' own feature stores would keep. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.spec.feature_store import FeatureGroupSpec
from mlplatform.spec.platform import PlatformSpec


def managed_groups(spec: PlatformSpec) -> Iterator[tuple[int, FeatureGroupSpec]]:
    """Position and group of everything that the cloud's own feature store keeps.

    Args:
        spec: the platform.
    """
    if spec.feature_store and spec.feature_store.engine == "managed":
        yield from ((index, group) for index, group in enumerate(spec.feature_store.groups) if group.online)
