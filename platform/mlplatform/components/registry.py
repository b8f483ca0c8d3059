"""Registries: container images and models."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import pulumi

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.existing import ExistingRegistry, as_existing
from mlplatform.components.identity import Identity
from mlplatform.components.keys import Keys
from mlplatform.components.preflight import OWNER, Requirement
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import RegistrySpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@dataclass(frozen=True, kw_only=True)
class ImageRegistryParts(ABC):
    """Repositories of container images."""

    addresses: Mapping[str, pulumi.Output[str]]
    """Addresses for `docker push`, by repository."""

    requirements: tuple[Requirement, ...] = ()
    """What the owner of existing repositories must provide."""

    @abstractmethod
    def grant(self, identity: Identity, access: Literal["pull", "push"]) -> None:
        """Let an identity pull, or pull and push, images of every repository."""


@contract("registry.image_registry")
class BuildsImageRegistry(Protocol):
    """Makes the repositories of container images, beside those in the context's `existing`."""

    def __call__(self, scope: Scope, spec: RegistrySpec, keys: Keys, /) -> ImageRegistryParts: ...


class ImageRegistry(Component):
    """Private, encrypted, scanned image repositories with retention."""

    capability = "registry"

    addresses: Mapping[str, pulumi.Output[str]]
    """Addresses for `docker push`, by repository."""

    def __init__(
        self, name: str, spec: RegistrySpec, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, context, opts)
        self.parts = context.backend.load(BuildsImageRegistry)(self.scope, spec, context.keys)
        self.addresses = self.parts.addresses
        for requirement in self.parts.requirements:
            self.scope.note(f"targets[{context.target.name}].existing.registry", f"{OWNER}{requirement}")
        self.register_outputs({"addresses": dict(self.addresses)})

    def as_existing(self) -> ExistingRegistry:
        """These repositories as another platform of the same cloud takes them, in `Existing.registry`."""
        return as_existing(self.context.backend, self.parts, ExistingRegistry)

    def grant_pull(self, identity: Identity) -> None:
        """Let an identity pull images."""
        self.parts.grant(identity, "pull")
        identity.note_grant("pull", "images")

    def grant_push(self, identity: Identity) -> None:
        """Let an identity pull and push images."""
        self.parts.grant(identity, "push")
        identity.note_grant("push", "images")


@dataclass(frozen=True, kw_only=True)
class ModelRegistryParts(ABC):
    """Groups of models."""

    groups: Mapping[str, pulumi.Output[str]]
    """The cloud's id of each model group."""

    @abstractmethod
    def grant(self, identity: Identity, access: Literal["read", "register"]) -> None:
        """Let an identity read, or read and register, model versions."""

    @abstractmethod
    def grant_jobs(self, identity: Identity, runs_as: Identity) -> None:
        """Let an identity start, watch and stop the cloud's machine learning jobs and pipelines.

        It may pass one identity to them, and it may neither deploy a model nor move traffic.

        Args:
            identity: who starts jobs.
            runs_as: the identity of the jobs themselves; it gets what the jobs of this cloud need to run.
        """


@contract("registry.model_registry")
class BuildsModelRegistry(Protocol):
    """Makes the groups of models."""

    def __call__(
        self, scope: Scope, spec: RegistrySpec, store: ArtifactStore, images: ImageRegistry, keys: Keys, /
    ) -> ModelRegistryParts: ...


class ModelRegistry(Component):
    """Model groups with versions and approval; on Azure the machine learning workspace that holds them."""

    capability = "registry"

    groups: Mapping[str, pulumi.Output[str]]
    """The cloud's id of each model group."""

    def __init__(
        self,
        name: str,
        spec: RegistrySpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        store: ArtifactStore,
        images: ImageRegistry,
    ) -> None:
        super().__init__(name, context, opts)
        self.parts = context.backend.load(BuildsModelRegistry)(self.scope, spec, store, images, context.keys)
        self.groups = self.parts.groups
        self.register_outputs({"groups": dict(self.groups)})

    def grant_read(self, identity: Identity) -> None:
        """Let an identity read model versions."""
        self.parts.grant(identity, "read")
        identity.note_grant("read", "registry")

    def grant_register(self, identity: Identity) -> None:
        """Let an identity register model versions."""
        self.parts.grant(identity, "register")
        identity.note_grant("register", "registry")

    def grant_jobs(self, identity: Identity, runs_as: Identity) -> None:
        """Let an identity start, watch and stop jobs and pipelines that act as `runs_as`; it may not deploy a model."""
        self.parts.grant_jobs(identity, runs_as)
        identity.note_grant("start", "jobs")
