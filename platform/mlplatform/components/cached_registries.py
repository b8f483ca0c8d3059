"""Public registries that a cloud does not cache, refused in the same words on every cloud. Imports no SDK."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mlplatform.components.backend import Limit
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.registry import Upstream


def cache_limit(cached: Collection[Upstream], reason: str) -> Limit:
    """The limit of `registry.pull_through` on one cloud.

    Args:
        cached: what its registry caches.
        reason: why not the others, with the vendor's page.
    """

    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        for index, upstream in enumerate(spec.registry.pull_through):
            if upstream not in cached:
                yield f"registry.pull_through[{index}]", upstream

    return Limit(
        field="registry.pull_through",
        support="partial",
        reason=reason,
        alternative="leave it out: with cluster.images set to platform, `mlplatform render images` copies what the "
        "cluster pulls from it; push other images of it to the platform's own repositories",
        violations=violations,
    )
