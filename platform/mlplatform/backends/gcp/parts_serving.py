"""What the serving components of GCP hand to each other. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pulumi

from mlplatform.backends.gcp.parts import GcpIdentity, GcpKeys
from mlplatform.backends.gcp.parts_artifacts import GcpImages
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.endpoint import EndpointParts
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ModelRegistryParts

if TYPE_CHECKING:
    from pulumi_gcp import artifactregistry, cloudrunv2


@dataclass(frozen=True, kw_only=True)
class GcpRollouts:
    """The workflow that moves traffic to new revisions and takes it back."""

    member: pulumi.Output[str]
    """Who it acts as, as grants name it."""

    ready: tuple[pulumi.Resource, ...]
    """Its rights, the workflow and its trigger: services come after these."""


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
        from mlplatform.backends.gcp.server_images import pulled

        return pulled(self, image)

    def rollout(self) -> GcpRollouts:
        """The workflow that rolls out every endpoint of the platform."""
        from mlplatform.backends.gcp.rollout import controller

        if not self.rollouts:
            self.rollouts.append(controller(self.scope, self.keys))
        return self.rollouts[0]

    def grant(self, identity: Identity, access: Literal["read", "register"]) -> None:
        """Let an identity read, or read and add, model versions."""
        from mlplatform.backends.gcp.grants import members, repository_grant

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


@dataclass(frozen=True, kw_only=True)
class GcpEndpoint(EndpointParts):
    """The Cloud Run service that callers use."""

    scope: Scope
    """The endpoint's own scope: grants become its children."""

    service: cloudrunv2.Service
    """That service."""

    behind: Mapping[str, cloudrunv2.Service] = field(default_factory=dict[str, "cloudrunv2.Service"])
    """Services behind the router by variant or shadow; empty where there is no router."""

    def grant_invoke(self, identity: Identity) -> None:
        """Let an identity send requests to the endpoint; the services behind it stay the router's."""
        from mlplatform.backends.gcp.variants import invoker

        for name, who in _members(identity):
            native(identity.parts, GcpIdentity).grants.append(invoker(self.scope, f"invoke-{name}", self.service, who))


def _members(identity: Identity) -> list[tuple[str, pulumi.Input[str]]]:
    own = native(identity.parts, GcpIdentity)
    return [("-".join(part for part in (own.short, who.label) if part), who.member) for who in own.members]
