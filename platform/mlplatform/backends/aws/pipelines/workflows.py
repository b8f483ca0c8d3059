"""Argo's templates of pipelines on EKS: folders of the store are in S3."""

from __future__ import annotations

from functools import partial

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.argo import S3Location, StoreLocation
from mlplatform.components.narrowed import target_of
from mlplatform.pipelines.workflows import workflow_items


def build(layer: LayerContext) -> tuple[LayerItem, ...]:
    """The templates."""
    return tuple(workflow_items(layer, partial(_location, target_of(layer.spec, AwsTarget))))


def _location(target: AwsTarget, uri: str) -> StoreLocation:
    """Without the slash at the end: Argo would take the console's empty object of that name for the whole folder."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    endpoint = f"s3.{target.region}.{target.dns_suffix}"
    return StoreLocation(s3=S3Location(bucket=bucket, key=key.rstrip("/"), endpoint=endpoint, region=target.region))
