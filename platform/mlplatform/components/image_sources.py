"""Where images may come from, refused in the same words on every cloud. Imports no SDK."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mlplatform.components.backend import Backend, Limit
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
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


def image_source_problems(spec: PlatformSpec, backend: Backend, *, own_network: bool) -> Iterator[Problem]:
    """A layer that pulls from public registries, where the nodes reach none.

    Args:
        spec: the narrowed spec.
        backend: the cloud.
        own_network: whether the platform makes the network; of another's nobody knows its ways out.
    """
    if spec.cluster and spec.layer_images == "public" and spec.network.nat == "none" and own_network:
        yield backend.refuse(
            "cluster.images",
            "public",
            "platform while network.nat is none: the nodes reach no public registry, and every pod of the layer would "
            "wait for its image",
            "leave it out, or set network.nat to single or per-zone",
            fields=("network.nat",),
        )
