"""Outputs of the registries for the other rooms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar

import pulumi

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ImageRegistryParts, ModelRegistryParts
from mlplatform.components.scope import Scope

if TYPE_CHECKING:
    from pulumi_gcp import artifactregistry

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class GcpImages(ImageRegistryParts):
    """Image repositories and caches of public registries."""

    scope: Scope
    """The registry's own scope: grants become its children."""

    repositories: Mapping[str, artifactregistry.Repository]
    """Repository that the platform creates, by its name in the spec."""

    existing: Mapping[str, pulumi.Input[str]]
    """Path of each existing repository, by its name in the platform."""

    caches: Mapping[str, artifactregistry.Repository]
    """Cache by public registry, for example `docker.io`."""

    cache_addresses: Mapping[str, str]
    """Prefix that replaces the public registry in an image's name, by public registry."""

    @property
    def paths(self) -> dict[str, pulumi.Input[str]]:
        """Path of each repository (`projects/P/locations/L/repositories/R`), by its name in the platform."""
        return {name: repository.id for name, repository in self.repositories.items()} | dict(self.existing)

    def grant(self, identity: Identity, access: Literal["pull", "push"]) -> None:
        """Let an identity pull, or pull and push, images of every repository."""
        from mlplatform.backends.gcp.registry.grants import grant_images

        grant_images(self.scope, self.repositories, self.caches, self.existing, identity, access)


@dataclass(frozen=True, kw_only=True)
class PullableImage:
    """An image, or a registry, as Cloud Run can pull it."""

    address: str
    """Its name."""

    ready: tuple[pulumi.Resource, ...] = ()
    """Its cache, and Cloud Run's right to pull from it."""


@dataclass(frozen=True, kw_only=True)
class GcpModels(ModelRegistryParts):
    """Model groups as generic repositories, and what the endpoints share."""

    scope: Scope
    """The registry's own scope: grants, caches and the rollout workflow become its children."""

    keys: GcpKeys
    """Keys, services and agents."""

    images: GcpImages
    """The platform's own images and caches."""

    repositories: Mapping[str, artifactregistry.Repository]
    """Repository by model group."""

    upstreams: dict[str, PullableImage] = field(default_factory=dict[str, PullableImage])
    """Registries that model servers came from so far; `pull_through_cache` fills it."""

    shared: dict[type, object] = field(default_factory=dict[type, object])
    """Resources that all endpoints share, by kind; `share` fills it."""

    def share(self, kind: type[T], build: Callable[[], T]) -> T:
        """Resources that all endpoints share; the first endpoint that needs them builds them."""
        existing = self.shared.get(kind)
        if isinstance(existing, kind):
            return existing
        built = self.shared[kind] = build()
        return built

    def grant(self, identity: Identity, access: Literal["read", "register"]) -> None:
        """Let an identity read, or read and add, model versions."""
        from mlplatform.backends.gcp.registry.grants import grant_models

        grant_models(self, identity, access)

    def grant_jobs(self, identity: Identity, runs_as: Identity) -> None:
        """Let an identity start Vertex AI's jobs and pipelines."""
        from mlplatform.backends.gcp.registry.jobs import grant_jobs

        grant_jobs(self, identity, runs_as)


def split_registry(image: str) -> tuple[str, str]:
    """The registry of an image and the rest of its name; without one it is Docker Hub's."""
    registry, slash, rest = image.partition("/")
    if slash and ("." in registry or ":" in registry):
        return registry, rest
    return "docker.io", image if slash else f"library/{image}"
