"""Rights on places of the artifact store, as statements of an identity's policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pulumi

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.spec.artifact_store import Place

if TYPE_CHECKING:
    from mlplatform.backends.aws.storage.bucket import AwsPlace

_READ = ("s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging")
_WRITE = (
    "s3:PutObject",
    "s3:PutObjectTagging",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
)
_LIST = ("s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads")


def place_statements(places: Mapping[Place, AwsPlace], kms_via: str, *, write: bool) -> tuple[IamStatement, ...]:
    """Access to the places: the objects, the listing and the keys.

    Args:
        places: bucket by place, in the order of the spec's places.
        kms_via: the service through which the keys may be used.
        write: whether to write too, not only to read.
    """
    arns = [place.arn for place in places.values()]
    objects = [pulumi.Output.concat(arn, "/*") for arn in arns]
    return (
        IamStatement(sid="List", actions=_LIST, resources=arns),
        IamStatement(sid="Objects", actions=(*_READ, *_WRITE) if write else _READ, resources=objects),
        *_key_statements(places.values(), kms_via, write=write),
    )


def adding_statements(places: Mapping[Place, AwsPlace], kms_via: str, *, keys: bool) -> tuple[IamStatement, ...]:
    """The right to create objects in the places, and no other.

    Args:
        places: bucket by place.
        kms_via: the service through which the keys may be used.
        keys: whether to give the rights on the keys; all policies of a role share 10,240 characters.
    """
    objects = [pulumi.Output.concat(place.arn, "/*") for place in places.values()]
    return (*_new_objects(objects), *(_key_statements(places.values(), kms_via, write=True) if keys else ()))


def _new_objects(objects: Sequence[pulumi.Output[str]]) -> tuple[IamStatement, ...]:
    """Objects under names that are free: the request must ask S3 to refuse a name that is taken.

    The parts of a large upload cannot ask that; they are no object until the request that completes it, which can.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
    """
    return (
        IamStatement(
            sid="New",
            actions=("s3:PutObject",),
            resources=objects,
            conditions={"Null": {"s3:if-none-match": "false"}},
        ),
        IamStatement(
            sid="Parts",
            actions=("s3:PutObject",),
            resources=objects,
            conditions={"Bool": {"s3:ObjectCreationOperation": "false"}},
        ),
    )


def folder_statements(
    place: AwsPlace, folders: Sequence[str], kms_via: str, *, write: bool = True
) -> tuple[IamStatement, ...]:
    """Access to the objects below folders of a place, and the listing of those folders alone.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-policies-s3.html
    """
    prefixes = tuple(name for folder in folders for name in (folder, f"{folder}/*"))
    objects = [pulumi.Output.concat(place.arn, f"/{folder}/*") for folder in folders]
    return (
        IamStatement(sid="Bucket", actions=("s3:GetBucketLocation",), resources=place.arn),
        IamStatement(
            sid="List",
            actions=tuple(action for action in _LIST if action != "s3:GetBucketLocation"),
            resources=place.arn,
            conditions={"StringLike": {"s3:prefix": prefixes}},
        ),
        IamStatement(
            sid="Objects",
            actions=(*_READ, *_WRITE) if write else _READ,
            resources=objects[0] if len(objects) == 1 else objects,
        ),
        *_key_statements((place,), kms_via, write=write),
    )


def _key_statements(places: Iterable[AwsPlace], kms_via: str, *, write: bool) -> tuple[IamStatement, ...]:
    """Rights on the places' keys; a place with S3's own key needs none."""
    keys = list({id(key): key for place in places if (key := place.key_arn) is not None}.values())
    if not keys:
        return ()
    return (
        IamStatement(
            sid="Key",
            # jobs of SageMaker name the key with what they write, and it asks for Encrypt then,
            # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html
            actions=("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey") if write else ("kms:Decrypt",),
            resources=keys[0] if len(keys) == 1 else keys,
            conditions={"StringEquals": {"kms:ViaService": kms_via}},
        ),
    )
