"""Limits of the registries on Azure. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.repositories import CACHES
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.adopted_problems import registry_problems
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.image_sources import cache_limit, image_source_problems
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.registry import Upstream


def _immutable_tags(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.registry.immutable_tags:
        yield "registry.immutable_tags", "True"


def _scan(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.registry.scan_on_push and not target_of(spec, AzureTarget).defender_for_containers:
        yield "registry.scan_on_push", "True"


LOGIN_ONLY: tuple[Upstream, ...] = ("docker.io",)
"""Registries that the cache pulls from only with a login, also public images,
https://learn.microsoft.com/azure/container-registry/artifact-cache-overview"""

LIMITS: tuple[Limit, ...] = (
    cache_limit(
        CACHES,
        f"Container Registry's artifact cache knows {', '.join(CACHES)} "
        "(https://learn.microsoft.com/azure/container-registry/artifact-cache-overview)",
    ),
    Limit(
        field="registry.immutable_tags",
        support="unsupported",
        reason="a container registry can lock only single tags, after the push, by a call to its data plane",
        alternative="leave registry.immutable_tags out and deploy by digest, or lock tags in CI: "
        "az acr repository update --write-enabled false",
        violations=_immutable_tags,
    ),
    Limit(
        field="registry.scan_on_push",
        support="partial",
        reason="image scanning needs Defender for Containers to be enabled on the subscription",
        alternative="set defender_for_containers to true in the target, or leave registry.scan_on_push out",
        violations=_scan,
    ),
)


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Settings and caches of a registry that the platform does not make."""
    yield from image_source_problems(spec, backend, own_network=target.network is None)
    if target.existing is None or target.existing.registry is None:
        return
    if spec.registry.pull_through:
        yield backend.refuse(
            "registry.pull_through",
            ", ".join(spec.registry.pull_through),
            "nothing: the owner of the target's existing registry decides what it caches",
            "leave pull_through out, ask the owner for a cache rule (az acr cache create), and name images by their "
            "address in that registry",
        )
    yield from registry_problems(backend, spec)
