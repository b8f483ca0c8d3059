"""Buckets as folders on EKS, by Mountpoint for Amazon S3."""

from __future__ import annotations

from mlplatform.backends.aws import addresses
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.storage import CsiSource
from mlplatform.cluster.volume_facts import PlaceVolume
from mlplatform.components.narrowed import target_of
from mlplatform.spec.mounts import MountSpec
from mlplatform.spec.platform import PlatformSpec

_WRITES = ("allow-delete", "allow-overwrite")
"""Without these, a file can neither be removed nor written again,
https://github.com/awslabs/mountpoint-s3/blob/main/doc/SEMANTICS.md"""

_EVERY_USER = ("allow-other", "file-mode 0666", "dir-mode 0777")
"""Images run as users of their own; who may use the folder, the pod's identity decides."""


def build(spec: PlatformSpec, mount: MountSpec, namespace: str, *, writable: bool, folder: str | None) -> PlaceVolume:
    """The bucket with the credentials of the pod's own account, never of the driver,
    https://github.com/awslabs/mountpoint-s3-csi-driver/blob/v2.7.0/docs/CONFIGURATION.md#pod-level-credentials"""
    return PlaceVolume(
        place=addresses.place_uri(spec, mount.place),
        source=CsiSource(
            driver="s3.csi.aws.com",
            volume_handle=f"{namespace}-{mount.place}",
            volume_attributes={
                "bucketName": FromCloud(f"layer.places.{mount.place}.bucket"),
                "authenticationSource": "pod",
                "cache": "emptyDir",
            },
        ),
        options=(
            f"region {target_of(spec, AwsTarget).region}",
            *_EVERY_USER,
            # here and not in the attributes: those cannot be changed
            f"max-cache-size {mount.cache_gib * 1024}",
            *(_WRITES if writable else ("read-only",)),
            *((f"prefix {folder}/",) if folder else ()),
        ),
    )
