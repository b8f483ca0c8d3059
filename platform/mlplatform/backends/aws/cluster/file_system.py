"""FSx for Lustre on EKS, by the add-on of its driver."""

from __future__ import annotations

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.facts import SharedVolume
from mlplatform.cluster.objects.storage import CsiSource
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, namespace: str) -> SharedVolume | None:
    """The file system that the target names,
    https://github.com/kubernetes-sigs/aws-fsx-csi-driver/tree/master/examples/kubernetes/static_provisioning"""
    target = target_of(spec, AwsTarget)
    named = target.shared_file_system
    if named is None:
        return None
    return SharedVolume(
        source=CsiSource(
            driver="fsx.csi.aws.com",
            # the driver finds it by the attributes; two volumes of one handle are one to a node
            volume_handle=f"{named.id}-{namespace}",
            volume_attributes={
                "dnsname": f"{named.id}.fsx.{target.region}.{target.dns_suffix}",
                "mountname": named.mount_name,
            },
        ),
        options=("flock", "noatime"),
        owner="its security group lets the cluster's security group reach TCP 988 and 1018 to 1023; put it into the "
        "zone of the pools that use it",
    )
