"""What no cloud's backend can do of a feature store. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.backend import Limit
from mlplatform.spec.platform import PlatformSpec


def _managed(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.feature_store and spec.feature_store.engine == "managed":
        yield "feature_store.engine", "managed"


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
