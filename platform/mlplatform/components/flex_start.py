"""The limits of clouds that keep nobody's request for machines until they have them all. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.backend import Limit
from mlplatform.components.limits import refuse_nothing
from mlplatform.spec.platform import PlatformSpec


def no_flex_start(reason: str, alternative: str) -> tuple[Limit, ...]:
    """Limits of a cloud without flex-start.

    Args:
        reason: why it has none.
        alternative: the nearest thing that it has.
    """
    return (
        Limit(
            field="training.pools.capacity",
            support="partial",
            reason=reason,
            alternative=alternative,
            violations=_pools,
        ),
        Limit(
            field="training.pools.max_run_hours",
            support="unsupported",
            reason=reason,
            alternative="see training.pools.capacity",
            # the spec refuses it with any other capacity
            violations=refuse_nothing,
        ),
    )


def _pools(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, pool in enumerate(spec.training.pools if spec.training else ()):
        if pool.capacity == "flex-start":
            yield f"training.pools[{index}].capacity", "flex-start"
