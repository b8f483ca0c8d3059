"""Argo's templates of pipelines on GKE: folders of the store are in Cloud Storage."""

from __future__ import annotations

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.argo import GcsLocation, StoreLocation
from mlplatform.pipelines.workflows import workflow_items


def build(layer: LayerContext) -> tuple[LayerItem, ...]:
    """The templates."""
    return tuple(workflow_items(layer, _location))


def _location(uri: str) -> StoreLocation:
    """With the slash at the end: Argo reads every object whose name begins so, also of a folder beside it,
    https://github.com/argoproj/argo-workflows/blob/v4.0.6/workflow/artifacts/gcs/gcs.go"""
    bucket, _, key = uri.removeprefix("gs://").partition("/")
    return StoreLocation(gcs=GcsLocation(bucket=bucket, key=key))
