"""Blob containers as folders on AKS, by BlobFuse."""

from __future__ import annotations

from mlplatform.backends.azure.addresses import place_container
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.storage import CsiSource
from mlplatform.cluster.volume_facts import PlaceVolume
from mlplatform.spec.mounts import MountSpec
from mlplatform.spec.platform import PlatformSpec

_SECONDS = 120
"""How long names and contents are believed; another pod's change is seen after it."""

_OPTIONS = (
    "-o allow_other",
    f"--file-cache-timeout-in-seconds={_SECONDS}",
    "--use-attr-cache=true",
    # listing a container when it is mounted is paid per ten thousand objects
    "--cancel-list-on-mount-seconds=10",
    f"-o attr_timeout={_SECONDS}",
    f"-o entry_timeout={_SECONDS}",
    f"-o negative_timeout={_SECONDS}",
    "--log-level=LOG_WARNING",
)
"""https://learn.microsoft.com/azure/aks/azure-csi-blob-storage-provision"""


def build(spec: PlatformSpec, mount: MountSpec, namespace: str, *, writable: bool, folder: str | None) -> PlaceVolume:
    """The container with the token of the pod's account. Without `mountWithWorkloadIdentityToken` the driver would
    fetch the account's key, which is switched off here,
    https://github.com/kubernetes-sigs/blob-csi-driver/blob/master/docs/workload-identity-static-pv-mount.md"""
    own = "training" if namespace == spec.access.training_namespace else namespace
    return PlaceVolume(
        place="/".join(place_container(spec, mount.place)),
        source=CsiSource(
            driver="blob.csi.azure.com",
            volume_handle=f"{namespace}-{mount.place}",
            volume_attributes={
                "protocol": "fuse2",
                "storageAccount": FromCloud(f"layer.places.{mount.place}.account"),
                "containerName": FromCloud(f"layer.places.{mount.place}.container"),
                "clientID": FromCloud(f"layer.identities.{own}"),
                "mountWithWorkloadIdentityToken": "true",
            },
        ),
        options=(
            *_OPTIONS,
            f"--cache-size-mb={mount.cache_gib * 1024}",
            *(() if writable else ("-o ro",)),
            *((f"--subdirectory={folder}",) if folder else ()),
        ),
    )
