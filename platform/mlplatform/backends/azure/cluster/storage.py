"""Volumes of managed disks under the platform's key."""

from __future__ import annotations

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.storage import StorageClass, default_class


def build(layer: LayerContext) -> tuple[StorageClass, ...]:
    """Premium SSDs of one zone, as their pods are,
    https://learn.microsoft.com/azure/aks/azure-csi-disk-storage-provision"""
    standard = default_class(
        "disk.csi.azure.com",
        {"skuName": "Premium_LRS", "diskEncryptionSetID": FromCloud("layer.volumesKey")},
    )
    return (standard,)
