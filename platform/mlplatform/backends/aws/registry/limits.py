"""Problems of the registries on AWS. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.adopted_problems import registry_problems
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.image_sources import cache_limit, image_source_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.registry import Upstream, needs_login

CACHED: Mapping[Upstream, str] = {
    "docker.io": "registry-1.docker.io",
    "quay.io": "quay.io",
    "ghcr.io": "ghcr.io",
    "registry.k8s.io": "registry.k8s.io",
    "public.ecr.aws": "public.ecr.aws",
}
"""Address at which ECR pulls from a public registry, of those that it caches (2026-11),
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html"""

LIMITS: tuple[Limit, ...] = (
    cache_limit(
        CACHED,
        f"ECR's cache knows {', '.join(CACHED)} of the public registries "
        "(https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html)",
    ),
)
"""Fields of the registries that AWS honours only in part."""


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Caches that no first pull can fill, logins that they cannot use, and existing repositories out of reach.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-vpc-endpoint-considerations
    """
    yield from image_source_problems(spec, backend, own_network=target.network is None)
    if spec.registry.pull_through and target.network is None and spec.network.nat == "none":
        yield backend.refuse(
            "registry.pull_through",
            ", ".join(spec.registry.pull_through),
            "nothing while network.nat is none: the first pull of an image through ECR's cache needs a way to the "
            "internet from the network, which only later pulls do without",
            "set network.nat to single or per-zone, or leave pull_through out and push these images to the platform's "
            "own repositories (registry.repositories)",
        )
    if named := target.existing.registry if target.existing else None:
        for name, arn in named.repositories.items():
            if arn.split(":")[3] != target.region:
                yield backend.refuse(
                    f"targets[{target.name}].existing.registry.repositories.{name}",
                    arn,
                    f"a repository in {target.region}: the network's private endpoints lead to the registries of their "
                    "own region only (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html)",
                    "replicate it to this region (aws ecr put-replication-configuration), and name the copy",
                )
        if not spec.registry.pull_through and all(name in named.repositories for name in spec.registry.repositories):
            yield from registry_problems(backend, spec)
    for index, upstream in enumerate(spec.registry.logins):
        if not needs_login(upstream):
            yield backend.refuse(
                f"registry.logins[{index}]",
                upstream,
                "docker.io or ghcr.io: ECR's cache pulls other registries only without a login "
                "(https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html)",
                "leave it out, and push private images of it to the platform's own repositories",
            )
