"""Grants on the buckets of the store."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_gcp import storage

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import Place, StoreAccess

_ROLES: dict[StoreAccess, str] = {
    "read": "roles/storage.objectViewer",
    # to replace an object needs the right to delete it,
    # https://docs.cloud.google.com/storage/docs/access-control/iam-roles
    "add": "roles/storage.objectCreator",
    "write": "roles/storage.objectUser",
}


def grant_buckets(
    scope: Scope,
    buckets: Mapping[Place, pulumi.Input[str]],
    identity: Identity,
    access: StoreAccess,
    folder: str | None = None,
) -> None:
    """Let an identity read the objects of buckets, and add to them or write them.

    Args:
        scope: the grantor; the grants become its children.
        buckets: bucket by place.
        identity: the identity.
        access: what it may do.
        folder: the beginning of the objects' names. Omitted: all objects.
    """
    grantee = native(identity.parts, GcpIdentity)
    for place, bucket in buckets.items():
        for name, member in grantee.grantees(f"{place}-{access}"):
            grantee.grants.append(
                storage.BucketIAMMember(
                    scope.child(name),
                    bucket=bucket,
                    role=_ROLES[access],
                    member=member,
                    condition=_below(bucket, folder) if folder else None,
                    opts=scope.opts(),
                )
            )


def _below(bucket: pulumi.Input[str], folder: str) -> storage.BucketIAMMemberConditionArgs:
    """Objects below a folder, and its listing, whose resource is the bucket.

    https://docs.cloud.google.com/iam/docs/conditions-attribute-reference#api-attributes
    """
    expression = pulumi.Output.concat(
        'resource.name.startsWith("projects/_/buckets/',
        bucket,
        f'/objects/{folder}/") || '
        f'api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("{folder}/")',
    )
    return storage.BucketIAMMemberConditionArgs(title=f"below {folder}", expression=expression)
