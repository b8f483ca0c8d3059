"""Addresses of the platform's image repositories, in its own registry or an existing one. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.registry import Upstream

CACHES: dict[Upstream, str] = {
    "docker.io": "docker-io",
    "quay.io": "quay-io",
    "ghcr.io": "ghcr-io",
    "registry.k8s.io": "registry-k8s-io",
    "public.ecr.aws": "public-ecr-aws",
    "mcr.microsoft.com": "mcr-microsoft-com",
    "gcr.io": "gcr-io",
}
"""Prefix of cached repositories, of the public registries that Container Registry caches (2026-11),
https://learn.microsoft.com/azure/container-registry/artifact-cache-overview"""


def repository_addresses(spec: PlatformSpec) -> dict[str, str]:
    """Address by repository."""
    return {name: f"{registry_server(spec)}/{name}" for name in spec.registry.repositories}


def registry_server(spec: PlatformSpec) -> str:
    """Address of the registry: the target's existing one, or the platform's own."""
    target = target_of(spec, AzureTarget)
    named = target.existing.registry if target.existing else None
    if named is None:
        return f"{physical_name(spec, 'registry', 'images')}.azurecr.io"
    return named.login_server or server_of(named.registry_id)


def server_of(registry_id: str) -> str:
    """Address of a registry that has its name alone."""
    return f"{registry_id.rpartition('/')[2].lower()}.azurecr.io"


def image_host(reference: str) -> str:
    """The registry of an image; names without one are Docker Hub's."""
    first, _, rest = reference.partition("/")
    return first if rest and ("." in first or ":" in first) else "docker.io"


def cached_path(spec: PlatformSpec, image: str) -> str | None:
    """The path in the platform's registry of an image that it caches; None for others.

    Args:
        spec: the platform.
        image: as the spec names it.
    """
    upstream = image_host(image)
    for cached in spec.registry.pull_through:
        if cached == upstream:
            return f"{CACHES[cached]}/{image.removeprefix(f'{upstream}/')}"
    return None
