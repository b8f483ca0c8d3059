"""Managed Lustre on GKE, by GKE's own driver."""

from __future__ import annotations

from mlplatform import discovery
from mlplatform.backends.gcp.network.zones import zones_in_use
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.training.file_system_names import instance_content, mount_name
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.storage import CsiSource
from mlplatform.cluster.volume_facts import SharedVolume
from mlplatform.components.file_system_sizes import created_file_system, zone_number
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec

_DRIVER = "lustre.csi.storage.gke.io"
_OPTIONS = ("flock", "noatime")


def build(spec: PlatformSpec, namespace: str) -> SharedVolume | None:
    """The instance that the target names, or the one that the platform makes. With secure boot, which all of the
    platform's pools have, the modules load on nodes with GPUs alone.

    https://docs.cloud.google.com/managed-lustre/docs/lustre-csi-driver-existing-instance
    https://docs.cloud.google.com/managed-lustre/docs/connect-from-kubernetes-engine-existing-instance
    """
    target = target_of(spec, GcpTarget)
    named = target.shared_file_system
    if named:
        _, project, _, zone, _, name = named.instance.split("/")
        return SharedVolume(
            source=CsiSource(
                driver=_DRIVER,
                # to mount it, the driver reads the attributes alone; two volumes of one handle are one to a node
                volume_handle=f"{project}/{zone}/{name}/{namespace}",
                volume_attributes={"ip": named.address, "filesystem": named.filesystem},
            ),
            options=_OPTIONS,
            owner="its network is the cluster's, and firewall rules let nodes reach TCP 988 and 1018 to 1023; put it "
            "into the zone of the pools that use it",
            gpu_nodes_only=True,
        )
    wanted = created_file_system(spec)
    if wanted is None:
        return None
    zones = zones_in_use(spec, target, discovery.backend("gcp").catalog)
    zone = zones[zone_number(spec, target, zones) - 1]
    filesystem = mount_name(instance_content(wanted, zone))
    return SharedVolume(
        source=CsiSource(
            driver=_DRIVER,
            # another instance is another volume
            volume_handle=f"{target.project}/{zone}/shared-{filesystem}/{namespace}",
            volume_attributes={"ip": FromCloud("layer.fileSystem.address"), "filesystem": filesystem},
        ),
        options=_OPTIONS,
        gpu_nodes_only=True,
    )
