"""What the artifact store hands to the other rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from mlplatform.components.artifact_store import StoreAccess, StoreParts
from mlplatform.components.context import Scope
from mlplatform.components.identity import Identity
from mlplatform.spec.artifact_store import Place

if TYPE_CHECKING:
    from pulumi_aws import s3


@dataclass(frozen=True, kw_only=True)
class AwsPlace:
    """The bucket of one place, made here or there before."""

    name: pulumi.Input[str]
    """Its physical name, plain where it is known beforehand."""

    arn: pulumi.Output[str]
    """Its ARN."""

    key_arn: pulumi.Output[str] | None
    """Key of its objects; None is S3's own."""

    ready: tuple[pulumi.Resource, ...] = ()
    """Its policy, access block, encryption and versioning, where made here: objects come after these."""


@dataclass(frozen=True, kw_only=True)
class AwsBucket(AwsPlace):
    """A bucket made here."""

    bucket: s3.Bucket
    """The bucket itself."""

    name: str
    """Its physical name, known beforehand."""

    settled: pulumi.Resource
    """The last of its settings: one more setting comes after this one."""


@dataclass(frozen=True, kw_only=True)
class AwsStore(StoreParts):
    """One bucket per place."""

    scope: Scope
    """The store's own scope: grants become its children."""

    buckets: Mapping[Place, AwsPlace]
    """Bucket by place."""

    key_arn: pulumi.Output[str]
    """Key of all that are made here."""

    kms_via: str
    """The service the key may be used through."""

    def grant(self, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
        """Give an identity access to places, with the least rights that do it, keys included."""
        from mlplatform.backends.aws.identity.grants import grant_store

        grant_store(self, identity, access, places)
