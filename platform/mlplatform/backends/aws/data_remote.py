"""A place of the store as a remote of DVC: an S3 bucket, with the platform's key. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.aws.addresses import place_uri
from mlplatform.backends.aws.naming import LONG
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.artefacts import FEAST_FILE, DataRemote, FeastRegistry
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.platform import PlatformSpec


def data_remote(spec: PlatformSpec, place: Place) -> DataRemote:
    """The bucket of a place.

    `sse` without `sse_kms_key_id` would take the account's own key `aws/s3` instead of the bucket's, so there are both
    or neither; without them, S3 takes the bucket's default.
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    """
    target = typed_target(spec.targets[0], AwsTarget)
    options = [("region", target.region)]
    if key := _key(spec, target, place):
        options += [("sse", "aws:kms"), ("sse_kms_key_id", key)]
    return DataRemote(place_uri(spec, place), tuple(options))


def _key(spec: PlatformSpec, target: AwsTarget, place: Place) -> str | None:
    """ARN of the key of a place's objects, or of its alias, which is known before the key; None: S3's own."""
    existing = target.existing
    if existing and existing.store and place in existing.store.buckets:
        return existing.store.buckets[place].key_arn
    if existing and existing.keys:
        return existing.keys.arns.get("store") or existing.keys.default
    return target.arn("kms", f"alias/{physical_name(spec, 'store', LONG)}")


def feast_registry(spec: PlatformSpec) -> FeastRegistry:
    """The definitions of features in the bucket of features; its default key encrypts them."""
    return FeastRegistry(f"{place_uri(spec, 'features')}/{FEAST_FILE}", "aws")
