"""Parts of the artifact store, for the other rooms. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi

from mlplatform.backends.aws.artifact_store.grants import adding_statements, folder_statements, place_statements
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.components.artifact_store import StoreParts
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import PLACES, Place, StoreAccess

if TYPE_CHECKING:
    from pulumi_aws import s3

    from mlplatform.backends.aws.foundation.policy import IamStatement
    from mlplatform.backends.aws.storage.bucket import AwsPlace


LEDGERS = "ledgers"
"""Role of the bucket of what the door decides. The door makes it; access to it is recorded with that to the store."""


@dataclass(frozen=True, kw_only=True)
class AwsStore(StoreParts):
    """One bucket per place."""

    scope: Scope
    """The store's own scope: grants become its children."""

    buckets: Mapping[Place, AwsPlace]
    """Bucket by place."""

    key_arn: pulumi.Output[str]
    """Key of all buckets that the platform creates."""

    kms_via: str
    """The service through which the key may be used."""

    access_logs: s3.Bucket | None = None
    """Where requests to the platform's own buckets are recorded. None: nowhere."""

    writers: dict[str, set[int]] = field(default_factory=dict[str, "set[int]"])
    """Keys that an identity may encrypt with by its grants so far, by the identity's name."""

    def grant(self, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
        """Give an identity access to places, with the least rights that suffice, keys included."""
        granted: dict[Place, AwsPlace] = {place: self.buckets[place] for place in PLACES if place in places}
        role = access if tuple(granted) == PLACES else f"{access}-{'-'.join(granted)}"
        grantee = native(identity.parts, AwsIdentity)
        used = {id(bucket.key_arn) for bucket in granted.values()}
        writes = self.writers.setdefault(grantee.short_name, set())
        if access == "add":
            statements = adding_statements(granted, self.kms_via, keys=not used <= writes)
        else:
            statements = place_statements(granted, self.kms_via, write=access == "write")
        if access == "write":
            writes |= used
        grantee.allow(self.scope, role, statements)

    def grant_folder(self, identity: Identity, place: Place, folder: str, access: StoreAccess = "write") -> None:
        """Let an identity list and read, or also write, below one folder of a place."""
        self.grant_folders(identity, place, (folder,), access)

    def grant_folders(
        self, identity: Identity, place: Place, folders: Sequence[str], access: StoreAccess = "write"
    ) -> None:
        """Let an identity list and read, or also write, below folders of a place, in one policy."""
        statements = folder_statements(self.buckets[place], folders, self.kms_via, write=access == "write")
        native(identity.parts, AwsIdentity).allow(self.scope, f"{access}-{place}", statements)

    def folder_rights(self, bucket: AwsPlace, folder: str, *, write: bool = True) -> tuple[IamStatement, ...]:
        """The right to list and read, or also write, below one folder of a bucket with the store's key."""
        return folder_statements(bucket, (folder,), self.kms_via, write=write)
