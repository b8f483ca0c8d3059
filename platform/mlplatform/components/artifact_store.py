"""The artifact store: one place per kind of artifact."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.context import Context, Scope
from mlplatform.components.existing import ExistingStore, as_existing
from mlplatform.components.identity import Identity
from mlplatform.components.keys import Keys
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.artifact_store import PLACES, ArtifactStoreSpec, Place

StoreAccess = Literal["read", "write"]
"""`write` includes reading."""


@dataclass(frozen=True, kw_only=True)
class StoreParts(ABC):
    """What a backend returns."""

    uris: Mapping[Place, pulumi.Output[str]]
    """Where clients find each place (`s3://…`, `gs://…`, `abfss://…`)."""

    @abstractmethod
    def grant(self, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
        """Give an identity access to places, with the least rights that do it, keys included."""


class ArtifactStore(Component):
    """Versioned, encrypted, private places for data, features, models, pipelines and monitoring."""

    capability = "artifact-store"

    uris: Mapping[Place, pulumi.Output[str]]
    """Where clients find each place."""

    def __init__(
        self, name: str, spec: ArtifactStoreSpec, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, context, opts)
        build = cast(
            "Callable[[Scope, ArtifactStoreSpec, Keys, Telemetry], StoreParts]",
            context.backend.load("artifact_store.artifact_store"),
        )
        self.parts = build(self.scope, spec, context.keys, context.telemetry)
        self.uris = self.parts.uris
        self.register_outputs({"uris": dict(self.uris)})

    def as_existing(self) -> ExistingStore:
        """What another platform of the same cloud takes as its `Existing.store`, once this one stands."""
        return as_existing(self.context.backend, self.parts, ExistingStore)

    def grant_read(self, identity: Identity, *places: Place) -> None:
        """Let an identity list and read `places`. Omitted: all of them."""
        self.parts.grant(identity, "read", places or PLACES)

    def grant_write(self, identity: Identity, *places: Place) -> None:
        """Let an identity list, read, write and delete in `places`. Omitted: all of them."""
        self.parts.grant(identity, "write", places or PLACES)
