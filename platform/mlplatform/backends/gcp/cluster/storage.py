"""Volumes of Persistent Disk under the platform's key."""

from __future__ import annotations

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.storage import StorageClass, default_class


def build(layer: LayerContext) -> StorageClass:
    """Balanced disks,
    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/using-cmek"""
    return default_class(
        "pd.csi.storage.gke.io",
        {"type": "pd-balanced", "disk-encryption-kms-key": FromCloud("layer.volumesKey")},
    )
