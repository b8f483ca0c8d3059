"""What no cloud's backend can do of a feature store. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.backend import Limit
from mlplatform.spec.platform import PlatformSpec


def _online(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, group in enumerate(spec.feature_store.groups if spec.feature_store else ()):
        if group.online:
            yield f"feature_store.groups[{index}].online", "True"


def online_limit(reason: str) -> Limit:
    """The online store that a cloud does not have.

    Args:
        reason: why, in the cloud's own terms.
    """
    return Limit(
        field="feature_store.groups.online",
        support="unsupported",
        reason=reason,
        alternative="leave it out: training and batch scoring read the tables; send an endpoint its features with the "
        "request",
        violations=_online,
    )
