"""What the registries hands to the other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi

from mlplatform.backends.gcp.serving.parts import GcpRollouts
from mlplatform.components.context import Scope
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ImageRegistryParts

if TYPE_CHECKING:
    from pulumi_gcp import artifactregistry


from dataclasses import field
from typing import TYPE_CHECKING

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.components.base import native
from mlplatform.components.registry import ModelRegistryParts

if TYPE_CHECKING:
    from pulumi_gcp import artifactregistry


@dataclass(frozen=True, kw_only=True)
class GcpImages(ImageRegistryParts):
    """Image repositories and caches of public registries."""

    scope: Scope
    """The registry's own scope: grants become its children."""

    repositories: Mapping[str, artifactregistry.Repository]
    """Repository by its name in the spec."""

    caches: Mapping[str, artifactregistry.Repository]
    """Cache by public registry, for example `docker.io`."""

    cache_addresses: Mapping[str, str]
    """What stands for the public registry in an image's name, by public registry."""

    def grant(self, identity: Identity, access: Literal["pull", "push"]) -> None:
        """Let an identity pull, or pull and push, images of every repository."""
        from mlplatform.backends.gcp.identity.grants import grant_images

        grant_images(self, identity, access)

    def through(self, image: str) -> str:
        """An image's name by way of the cache of its registry; unchanged where there is none."""
        registry, slash, rest = image.partition("/")
        if not slash or ("." not in registry and ":" not in registry):
            registry, rest = "docker.io", image if slash else f"library/{image}"
        cache = self.cache_addresses.get(registry)
        return f"{cache}/{rest}" if cache else image


@dataclass(frozen=True, kw_only=True)
class GcpPulled:
    """An image, or a registry, as Cloud Run can pull it."""

    address: str
    """Its name."""

    ready: tuple[pulumi.Resource, ...] = ()
    """The cache it comes through, and Cloud Run's right to pull from it."""


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

    upstreams: dict[str, GcpPulled] = field(default_factory=dict[str, GcpPulled])
    """Registries that servers came from so far; ask `pulled` for an image."""

    rollouts: list[GcpRollouts] = field(default_factory=list[GcpRollouts])
    """The rollout workflow once something needed it; ask `rollout`."""

    def pulled(self, image: str) -> GcpPulled:
        """An image by way of the cache of its registry; Google's own registries need none."""
        from mlplatform.backends.gcp.registry.server_images import pulled

        return pulled(self, image)

    def rollout(self) -> GcpRollouts:
        """The workflow that rolls out every endpoint of the platform."""
        from mlplatform.backends.gcp.serving.rollout import controller

        if not self.rollouts:
            self.rollouts.append(controller(self.scope, self.keys))
        return self.rollouts[0]

    def grant(self, identity: Identity, access: Literal["read", "register"]) -> None:
        """Let an identity read, or read and add, model versions."""
        from mlplatform.backends.gcp.identity.grants import members, repository_grant

        role = "roles/artifactregistry.writer" if access == "register" else "roles/artifactregistry.reader"
        own = native(identity.parts, GcpIdentity)
        for group, repository in self.repositories.items():
            for name, who in members(own, f"{group}-{access}"):
                own.grants.append(repository_grant(self.scope, name, repository, role, who))


def split_registry(image: str) -> tuple[str, str]:
    """The registry of an image and the rest of its name; without one it is Docker Hub's."""
    registry, slash, rest = image.partition("/")
    if slash and ("." in registry or ":" in registry):
        return registry, rest
    return "docker.io", image if slash else f"library/{image}"
