"""FSx for Lustre on EKS, by the add-on of its driver."""

from __future__ import annotations

from mlplatform import discovery
from mlplatform.backends.aws.network.zones import zones_in_use
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.storage import CsiSource
from mlplatform.cluster.volume_facts import SharedVolume
from mlplatform.components.file_system_sizes import created_file_system, zone_number
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec

_DRIVER = "fsx.csi.aws.com"
_OPTIONS = ("flock", "noatime")


def build(spec: PlatformSpec, namespace: str) -> SharedVolume | None:
    """The file system that the target names, or the one that the platform makes,
    https://github.com/kubernetes-sigs/aws-fsx-csi-driver/tree/master/examples/kubernetes/static_provisioning"""
    target = target_of(spec, AwsTarget)
    named = target.shared_file_system
    if named:
        return SharedVolume(
            source=CsiSource(
                driver=_DRIVER,
                # the driver finds it by the attributes; two volumes of one handle are one to a node
                volume_handle=f"{named.id}-{namespace}",
                volume_attributes={
                    "dnsname": f"{named.id}.fsx.{target.region}.{target.dns_suffix}",
                    "mountname": named.mount_name,
                },
            ),
            options=_OPTIONS,
            owner="its security group lets the cluster's security group reach TCP 988 and 1018 to 1023; put it into "
            "the zone of the pools that use it",
        )
    if created_file_system(spec) is None:
        return None
    zones = zones_in_use(spec, target, discovery.backend("aws").catalog)
    # in another zone it is another one, and so is its volume
    zone = zones[zone_number(spec, target, zones) - 1]
    return SharedVolume(
        source=CsiSource(
            driver=_DRIVER,
            volume_handle=f"shared-{zone}-{namespace}",
            volume_attributes={
                "dnsname": FromCloud("layer.fileSystem.dnsName"),
                "mountname": FromCloud("layer.fileSystem.mountName"),
            },
        ),
        options=_OPTIONS,
    )
