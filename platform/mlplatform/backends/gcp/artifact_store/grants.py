"""Grants on the buckets of the store."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_gcp import storage

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.components.artifact_store import StoreAccess
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import Place

_ROLES: dict[StoreAccess, str] = {
    "read": "roles/storage.objectViewer",
    "write": "roles/storage.objectUser",
}


def grant_buckets(
    scope: Scope, buckets: Mapping[Place, pulumi.Input[str]], identity: Identity, access: StoreAccess
) -> None:
    """Let an identity read, or read and write, the objects of buckets."""
    grantee = native(identity.parts, GcpIdentity)
    for place, bucket in buckets.items():
        for name, member in grantee.grantees(f"{place}-{access}"):
            grantee.grants.append(
                storage.BucketIAMMember(
                    scope.child(name),
                    bucket=bucket,
                    role=_ROLES[access],
                    member=member,
                    opts=scope.opts(),
                )
            )
