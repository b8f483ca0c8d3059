"""The artifact store: one place per kind of artifact."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.existing import ExistingStore, as_existing
from mlplatform.components.identity import Identity
from mlplatform.components.keys import Keys
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.artifact_store import PLACES, ArtifactStoreSpec, Place, StoreAccess

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@dataclass(frozen=True, kw_only=True)
class StoreParts(ABC):
    """The places of one store."""

    uris: Mapping[Place, pulumi.Output[str]]
    """Address of each place for clients (`s3://…`, `gs://…`, `abfss://…`)."""

    addresses: Mapping[Place, Mapping[str, pulumi.Input[str]]] = field(
        default_factory=dict["Place", "Mapping[str, pulumi.Input[str]]"]
    )
    """What the cloud's driver of volumes needs to find each place, for example `{"bucket": …}`."""

    @abstractmethod
    def grant(self, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
        """Give an identity access to places, with the least rights that suffice, keys included."""

    @abstractmethod
    def grant_folder(self, identity: Identity, place: Place, folder: str, access: StoreAccess = "write") -> None:
        """Let an identity list and read, or also write, below one folder of a place, and see nothing else there."""

    def grant_folders(
        self, identity: Identity, place: Place, folders: Sequence[str], access: StoreAccess = "write"
    ) -> None:
        """As `grant_folder` for several folders. Omitted: a grant for each, under a name with its folder."""
        for folder in folders:
            self.grant_folder(identity, place, folder, access)


@contract("artifact_store.artifact_store")
class BuildsStore(Protocol):
    """Makes the places of the store, or takes the context's existing ones."""

    def __call__(self, scope: Scope, spec: ArtifactStoreSpec, keys: Keys, telemetry: Telemetry, /) -> StoreParts: ...


class ArtifactStore(Component):
    """Versioned, encrypted, private places for data, features, models, pipelines and monitoring."""

    capability = "artifact-store"

    uris: Mapping[Place, pulumi.Output[str]]
    """Address of each place for clients."""

    def __init__(
        self, name: str, spec: ArtifactStoreSpec, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, context, opts)
        self.parts = context.backend.load(BuildsStore)(self.scope, spec, context.keys, context.telemetry)
        self.uris = self.parts.uris
        self.register_outputs({"uris": dict(self.uris)})

    def as_existing(self) -> ExistingStore:
        """This store as another platform of the same cloud takes it, in `Existing.store`."""
        return as_existing(self.context.backend, self.parts, ExistingStore)

    def grant_read(self, identity: Identity, *places: Place) -> None:
        """Let an identity list and read `places`. Omitted: all of them."""
        self._grant(identity, "read", places or PLACES)

    def grant_add(self, identity: Identity, *places: Place) -> None:
        """Let an identity create objects in `places` that do not exist yet. Omitted: all of them.

        It can neither change nor delete what is there, its own objects included; to read is a grant of its own, which
        a large upload on AWS needs too. On AWS uploads must have the header `If-None-Match`, as those of
        `aws s3 cp --no-overwrite`.
        """
        self._grant(identity, "add", places or PLACES)

    def grant_write(self, identity: Identity, *places: Place) -> None:
        """Let an identity list, read, write and delete in `places`. Omitted: all of them."""
        self._grant(identity, "write", places or PLACES)

    def _grant(self, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
        self.parts.grant(identity, access, places)
        for place in places:
            identity.note_grant(access, place)

    def grant_folder(self, identity: Identity, place: Place, folder: str, access: StoreAccess = "write") -> None:
        """Let an identity list, read, write and delete below one folder of a place, and see nothing else there.

        Args:
            identity: the identity.
            place: the place.
            folder: the beginning of its objects' names, without a slash at its end.
            access: `read` to list and read alone. Omitted: it may write and delete too.
        """
        self.parts.grant_folder(identity, place, folder, access)
        identity.note_grant(access, place, folder)

    def grant_folders(
        self, identity: Identity, place: Place, folders: Sequence[str], access: StoreAccess = "write"
    ) -> None:
        """As `grant_folder` for all folders of a place that an identity may reach, in one grant.

        Args:
            identity: the identity.
            place: the place.
            folders: beginnings of its objects' names, without a slash at their end. None of them: no grant.
            access: `read` to list and read alone. Omitted: it may write and delete too.
        """
        if not folders:
            return
        self.parts.grant_folders(identity, place, folders, access)
        for folder in folders:
            identity.note_grant(access, place, folder)
