"""Grants on the buckets of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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


_FOLDERS = 6
"""Folders of one condition, each two of its terms: it takes 12 logical operators,
https://docs.cloud.google.com/iam/docs/conditions-overview#expression-limitations"""


def grant_buckets(
    scope: Scope, buckets: Mapping[Place, pulumi.Input[str]], identity: Identity, access: StoreAccess
) -> None:
    """Let an identity read the objects of buckets, and add to them or write them.

    Args:
        scope: the grantor; the grants become its children.
        buckets: bucket by place.
        identity: the identity.
        access: what it may do.
    """
    for place, bucket in buckets.items():
        _grant(scope, f"{place}-{access}", bucket, identity, access)


def grant_folders(
    scope: Scope,
    place: Place,
    bucket: pulumi.Input[str],
    folders: Sequence[str],
    identity: Identity,
    access: StoreAccess,
) -> None:
    """Let an identity read the objects below folders of a bucket, and add to them or write them.

    Args:
        scope: the grantor; the grants become its children.
        place: the place.
        bucket: its bucket.
        folders: beginnings of the objects' names.
        identity: the identity.
        access: what it may do.
    """
    for start in range(0, len(folders), _FOLDERS):
        role = f"{place}-{access}" if start == 0 else f"{place}-{access}-{start // _FOLDERS + 1}"
        _grant(scope, role, bucket, identity, access, _below(bucket, folders[start : start + _FOLDERS]))


def _grant(
    scope: Scope,
    role: str,
    bucket: pulumi.Input[str],
    identity: Identity,
    access: StoreAccess,
    condition: storage.BucketIAMMemberConditionArgs | None = None,
) -> None:
    grantee = native(identity.parts, GcpIdentity)
    for name, member in grantee.grantees(role):
        grantee.grants.append(
            storage.BucketIAMMember(
                scope.child(name),
                bucket=bucket,
                role=_ROLES[access],
                member=member,
                condition=condition,
                opts=scope.opts(),
            )
        )


def _below(bucket: pulumi.Input[str], folders: Sequence[str]) -> storage.BucketIAMMemberConditionArgs:
    """Objects below folders, and their listing, whose resource is the bucket.

    https://docs.cloud.google.com/iam/docs/conditions-attribute-reference#api-attributes
    """
    terms = [
        pulumi.Output.concat(
            'resource.name.startsWith("projects/_/buckets/',
            bucket,
            f'/objects/{folder}/") || '
            f'api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("{folder}/")',
        )
        for folder in folders
    ]
    title = f"below {folders[0]}" if len(folders) == 1 else f"below {folders[0]} and {len(folders) - 1} more"
    return storage.BucketIAMMemberConditionArgs(
        title=title, expression=pulumi.Output.all(*terms).apply(" || ".join) if len(terms) > 1 else terms[0]
    )
