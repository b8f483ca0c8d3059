"""Volumes of EBS under the platform's key."""

from __future__ import annotations

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.storage import StorageClass, default_class


def build(layer: LayerContext) -> tuple[StorageClass, ...]:
    """General-purpose disks,
    https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md"""
    standard = default_class(
        "ebs.csi.aws.com",
        {"type": "gp3", "encrypted": "true", "kmsKeyId": FromCloud("layer.volumesKey")},
    )
    return (standard,)
