"""Managed Lustre on GKE, by GKE's own driver."""

from __future__ import annotations

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.cluster.facts import SharedVolume
from mlplatform.cluster.objects.storage import CsiSource
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, namespace: str) -> SharedVolume | None:
    """The instance that the target names,
    https://docs.cloud.google.com/managed-lustre/docs/lustre-csi-driver-existing-instance"""
    named = target_of(spec, GcpTarget).shared_file_system
    if named is None:
        return None
    _, project, _, zone, _, name = named.instance.split("/")
    return SharedVolume(
        source=CsiSource(
            driver="lustre.csi.storage.gke.io",
            # to mount it, the driver reads the attributes alone; two volumes of one handle are one to a node
            volume_handle=f"{project}/{zone}/{name}/{namespace}",
            volume_attributes={"ip": named.address, "filesystem": named.filesystem},
        ),
        options=("flock", "noatime"),
        owner="its network is the cluster's, and firewall rules let nodes reach TCP 988 and 1018 to 1023; put it into "
        "the zone of the pools that use it",
        # with secure boot, which all of the platform's pools have, its modules load on nodes with GPUs alone:
        # https://docs.cloud.google.com/managed-lustre/docs/connect-from-kubernetes-engine-existing-instance
        gpu_nodes_only=True,
    )
