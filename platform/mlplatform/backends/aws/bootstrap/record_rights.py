"""What the deployer may do with the copy of the record of releases, which gates read."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.addresses import place_uri
from mlplatform.backends.aws.bootstrap.policies import OwnResources, Statement, allow
from mlplatform.backends.aws.naming import LONG
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import physical_name
from mlplatform.components.record_copy import compares
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import COPY_PATH


def copy_statements(scope: OwnResources, spec: PlatformSpec, target: AwsTarget) -> Iterator[Statement]:
    """One object, its listing, and the key that S3 uses for it; none where no gate reads it."""
    if not compares(spec):
        return
    bucket = scope.arn("arn:{partition}:s3:::") + place_uri(spec, "models").removeprefix("s3://")
    yield allow(["s3:GetObject", "s3:PutObject"], [f"{bucket}/{COPY_PATH}"])
    # before the first copy S3 answers as if it may not be read: only a listing says that it is not there
    yield allow(["s3:ListBucket"], [bucket]) | {"Condition": {"StringEquals": {"s3:prefix": COPY_PATH}}}
    existing = target.existing.store.buckets.get("models") if target.existing and target.existing.store else None
    key = scope.arn("arn:{partition}:kms:{region}:{account}:key/*") if existing is None else existing.key_arn
    if not isinstance(key, str):
        return
    held: dict[str, object] = {"StringEquals": {"kms:ViaService": f"s3.{target.region}.{target.dns_suffix}"}}
    if existing is None:
        alias = f"alias/{physical_name(spec, 'store', LONG)}"
        held["ForAnyValue:StringEquals"] = {"kms:ResourceAliases": [alias]}
    yield allow(["kms:Decrypt", "kms:GenerateDataKey"], [key]) | {"Condition": held}
