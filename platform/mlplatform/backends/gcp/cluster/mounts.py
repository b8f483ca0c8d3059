"""Buckets as folders on GKE, by Cloud Storage FUSE."""

from __future__ import annotations

from mlplatform.backends.gcp import addresses
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.storage import CsiSource
from mlplatform.cluster.volume_facts import PlaceVolume
from mlplatform.spec.mounts import MountSpec
from mlplatform.spec.platform import PlatformSpec

_EVERY_USER = ("implicit-dirs", "file-mode=666", "dir-mode=777")
"""Folders that only names of objects make are seen; images run as users of their own, and the pod's identity decides
who may use the folder, https://docs.cloud.google.com/storage/docs/cloud-storage-fuse/cli-options"""

_RENAMED = "rename-dir-limit=200000"
"""A folder is renamed by copying its objects, and without this only an empty one: savers of checkpoints rename."""


def build(spec: PlatformSpec, mount: MountSpec, namespace: str, *, writable: bool, folder: str | None) -> PlaceVolume:
    """The bucket with the identity of the pod's account, in a container beside the job's,
    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-pv"""
    return PlaceVolume(
        place=addresses.place_uri(spec, mount.place),
        source=CsiSource(
            driver="gcsfuse.csi.storage.gke.io",
            # the driver takes what stands before the colon: the rest tells the namespaces apart
            volume_handle=FromCloud(f"layer.places.{mount.place}.bucket", after=f":{namespace}"),
        ),
        options=(
            *_EVERY_USER,
            # here and not in the attributes: those cannot be changed
            f"file-cache:max-size-mb:{mount.cache_gib * 1024}",
            # also what is read in parts, as random samples are
            "file-cache:cache-file-for-range-read:true",
            _RENAMED if writable else "ro",
            *((f"only-dir={folder}",) if folder else ()),
        ),
        # 0: no bound. By itself the cache has 5 GiB of the node's disk, and then the pod is evicted
        pod_annotations={
            "gke-gcsfuse/volumes": "true",
            "gke-gcsfuse/cpu-limit": "0",
            "gke-gcsfuse/memory-limit": "0",
            "gke-gcsfuse/ephemeral-storage-limit": "0",
        },
    )
