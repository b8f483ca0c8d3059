"""Argo's templates of pipelines on AKS: folders of the store are in Blob Storage."""

from __future__ import annotations

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.argo import AzureLocation, StoreLocation
from mlplatform.pipelines.workflows import workflow_items


def build(layer: LayerContext) -> tuple[LayerItem, ...]:
    """The templates."""
    return tuple(workflow_items(layer, _location))


def _location(uri: str) -> StoreLocation:
    """With the slash at the end: Argo reads every blob whose name begins so, also of a folder beside it,
    https://github.com/argoproj/argo-workflows/blob/v4.0.6/workflow/artifacts/azure/azure.go"""
    account, _, path = uri.removeprefix("https://").partition("/")
    container, _, blob = path.partition("/")
    return StoreLocation(azure=AzureLocation(endpoint=f"https://{account}", container=container, blob=blob))
