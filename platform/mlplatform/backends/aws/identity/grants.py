"""Grants as inline policies of the role that gets them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import pulumi
from pulumi_aws import iam

from mlplatform.backends.aws.naming import together
from mlplatform.backends.aws.policy import Statement, document
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.spec.artifact_store import PLACES, Place

if TYPE_CHECKING:
    from mlplatform.backends.aws.artifact_store.parts import AwsStore
    from mlplatform.backends.aws.identity.parts import AwsIdentity
    from mlplatform.backends.aws.registry.parts import AwsImages
    from mlplatform.components.artifact_store import StoreAccess
    from mlplatform.components.identity import Identity

_READ = ("s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging")
_WRITE = (
    "s3:PutObject",
    "s3:PutObjectTagging",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
)
_LIST = ("s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads")
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_PUSH = (
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:PutImage",
    "ecr:DescribeImages",
)


def attach(scope: Scope, identity: AwsIdentity, role: str, statements: Sequence[Statement]) -> iam.RolePolicy:
    """Attach rights to an identity; what acts as the identity depends on `identity.grants`."""
    granted = identity.short_name
    policy = iam.RolePolicy(
        scope.child(f"{role}-{granted}"),
        name=f"{scope.name.removeprefix(scope.context.prefix + '-')}-{role}",
        role=identity.role_name,
        policy=document(*statements),
        opts=scope.opts(delete_before_replace=True),
    )
    identity.grants.append(policy)
    return policy


def grant_store(store: AwsStore, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
    """Give an identity access to places: the objects, the listing and the key."""
    chosen: list[Place] = [place for place in PLACES if place in places]
    arns = [store.buckets[place].arn for place in chosen]
    objects = [pulumi.Output.concat(arn, "/*") for arn in arns]
    writes = access == "write"
    statements = (
        Statement(sid="List", actions=_LIST, resources=arns),
        Statement(sid="Objects", actions=(*_READ, *_WRITE) if writes else _READ, resources=objects),
        *_keys(store, chosen, writes),
    )
    role = access if tuple(chosen) == PLACES else f"{access}-{'-'.join(chosen)}"
    native_identity(identity).allow(store.scope, role, statements)


def _keys(store: AwsStore, places: Sequence[Place], writes: bool) -> tuple[Statement, ...]:
    """Rights to the places' keys; a place with S3's own key needs none."""
    keys = list({id(key): key for place in places if (key := store.buckets[place].key_arn) is not None}.values())
    if not keys:
        return ()
    return (
        Statement(
            sid="Key",
            actions=("kms:Decrypt", "kms:GenerateDataKey") if writes else ("kms:Decrypt",),
            resources=keys[0] if len(keys) == 1 else keys,
            conditions={"StringEquals": {"kms:ViaService": store.kms_via}},
        ),
    )


def grant_images(images: AwsImages, identity: Identity, access: Literal["pull", "push"]) -> None:
    """Let an identity pull, or pull and push, images."""
    spec = images.scope.spec
    own = images.scope.target(AwsTarget).arn("ecr", f"repository/{spec.name}-{spec.environment}/")
    arns = together([f"{own}{name}" for name in images.repositories], own)
    actions = (*_PULL, *_PUSH) if access == "push" else _PULL
    statements = (
        # a login token is for the registry, not for a repository: the action takes no resource
        Statement(sid="Login", actions=("ecr:GetAuthorizationToken",), resources="*"),
        *((Statement(sid="Images", actions=actions, resources=arns),) if arns else ()),
        *images.cache_statements,
    )
    native_identity(identity).allow(images.scope, access, statements)


def native_identity(identity: Identity) -> AwsIdentity:
    """An identity's parts, as this cloud's own."""
    from mlplatform.backends.aws.identity.parts import AwsIdentity

    return native(identity.parts, AwsIdentity)
