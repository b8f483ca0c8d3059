"""Registries: container images and models."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, cast

import pulumi

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.context import Context, Scope
from mlplatform.components.identity import Identity
from mlplatform.components.keys import Keys
from mlplatform.spec.registry import RegistrySpec


@dataclass(frozen=True, kw_only=True)
class ImageRegistryParts(ABC):
    """What a backend returns."""

    addresses: Mapping[str, pulumi.Output[str]]
    """What `docker push` takes, by repository."""

    @abstractmethod
    def grant(self, identity: Identity, access: Literal["pull", "push"]) -> None:
        """Let an identity pull, or pull and push, images of every repository."""


class ImageRegistry(Component):
    """Private, encrypted, scanned image repositories with retention."""

    capability = "registry"

    addresses: Mapping[str, pulumi.Output[str]]
    """What `docker push` takes, by repository."""

    def __init__(
        self, name: str, spec: RegistrySpec, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, context, opts)
        build = cast(
            "Callable[[Scope, RegistrySpec, Keys], ImageRegistryParts]",
            context.backend.load("registry.image_registry"),
        )
        self.parts = build(self.scope, spec, context.keys)
        self.addresses = self.parts.addresses
        self.register_outputs({"addresses": dict(self.addresses)})

    def grant_pull(self, identity: Identity) -> None:
        """Let an identity pull images."""
        self.parts.grant(identity, "pull")

    def grant_push(self, identity: Identity) -> None:
        """Let an identity pull and push images."""
        self.parts.grant(identity, "push")


@dataclass(frozen=True, kw_only=True)
class ModelRegistryParts(ABC):
    """What a backend returns."""

    groups: Mapping[str, pulumi.Output[str]]
    """The cloud's id of each model group."""

    @abstractmethod
    def grant(self, identity: Identity, access: Literal["read", "register"]) -> None:
        """Let an identity read, or read and register, model versions."""


class ModelRegistry(Component):
    """Model groups with versions and approval; on Azure the machine learning workspace that holds them."""

    capability = "registry"

    groups: Mapping[str, pulumi.Output[str]]
    """The cloud's id of each model group."""

    def __init__(
        self,
        name: str,
        spec: RegistrySpec,
        store: ArtifactStore,
        images: ImageRegistry,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, context, opts)
        build = cast(
            "Callable[[Scope, RegistrySpec, ArtifactStore, ImageRegistry, Keys], ModelRegistryParts]",
            context.backend.load("registry.model_registry"),
        )
        self.parts = build(self.scope, spec, store, images, context.keys)
        self.groups = self.parts.groups
        self.register_outputs({"groups": dict(self.groups)})

    def grant_read(self, identity: Identity) -> None:
        """Let an identity read model versions."""
        self.parts.grant(identity, "read")

    def grant_register(self, identity: Identity) -> None:
        """Let an identity register model versions."""
        self.parts.grant(identity, "register")
