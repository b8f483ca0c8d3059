"""Outputs of the artifact store for the other rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from mlplatform.components.artifact_store import StoreParts
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import Place, StoreAccess

if TYPE_CHECKING:
    from pulumi_gcp import storage

    from mlplatform.backends.gcp.storage.access_logs import GcpAccessLogs


@dataclass(frozen=True, kw_only=True)
class GcpPlace:
    """The bucket of one place, new or existing."""

    name: pulumi.Input[str]
    """Physical name, plain where it is known beforehand."""

    @property
    def output_name(self) -> pulumi.Input[str]:
        """Name for resources that come after the bucket."""
        return self.name


@dataclass(frozen=True, kw_only=True)
class GcpBucket(GcpPlace):
    """A bucket of this platform."""

    bucket: storage.Bucket
    """The bucket."""

    name: str
    """Physical name, known beforehand."""

    @property
    def output_name(self) -> pulumi.Input[str]:
        """Name for resources that come after the bucket."""
        return self.bucket.name


@dataclass(frozen=True, kw_only=True)
class GcpStore(StoreParts):
    """Buckets by place."""

    scope: Scope
    """The store's own scope: grants become its children."""

    buckets: Mapping[Place, GcpPlace]
    """Bucket by place."""

    access_logs: GcpAccessLogs | None = None
    """Where reads and writes of the platform's own buckets are recorded. None: nowhere."""

    def grant(self, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
        """Give an identity access to places; the key needs no grant, because Cloud Storage itself uses it."""
        from mlplatform.backends.gcp.artifact_store.grants import grant_buckets

        grant_buckets(self.scope, {place: self.buckets[place].output_name for place in places}, identity, access)

    def grant_folder(self, identity: Identity, place: Place, folder: str, access: StoreAccess = "write") -> None:
        """Let an identity list and read, or also write, below one folder of a place."""
        self.grant_folders(identity, place, (folder,), access)

    def grant_folders(
        self, identity: Identity, place: Place, folders: Sequence[str], access: StoreAccess = "write"
    ) -> None:
        """Let an identity list and read, or also write, below folders of a place."""
        from mlplatform.backends.gcp.artifact_store.grants import grant_folders

        grant_folders(self.scope, place, self.buckets[place].output_name, folders, identity, access)
