"""Managed Lustre in the zone of the pools."""

from __future__ import annotations

from pulumi_gcp import lustre

from mlplatform.backends.gcp.foundation.foundation import enable_service
from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.training.file_system_names import instance_content, mount_name
from mlplatform.backends.gcp.training.file_system_sizes import TIERS
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.file_system import FileSystemParts
from mlplatform.components.file_system_problems import CREATED
from mlplatform.components.file_system_sizes import capacity_taken, zone_number
from mlplatform.components.names import hashed_name
from mlplatform.components.scope import Scope
from mlplatform.spec.file_system import SharedFileSystemSpec


def build(scope: Scope, spec: SharedFileSystemSpec, cluster: Cluster) -> FileSystemParts:
    """The instance, in a network of Google's that is peered with the cluster's.

    Raises:
        ValueError: the network is an existing one, given to the components in Python: nothing connects it.
    """
    del cluster
    if scope.context.existing.network:
        raise ValueError(
            f"{scope.name}: an existing network is not connected with Google's services: name an existing file system "
            "in the target's shared_file_system"
        )
    target, net = scope.target(GcpTarget), native(scope.context.network.parts, GcpNetwork)
    foundation = native(scope.context.foundation.parts, GcpFoundation)
    service = enable_service(scope, "lustre", after=foundation.after("cloudresourcemanager"))
    zone = net.zones[zone_number(scope.spec, target, net.zones) - 1]
    capacity = capacity_taken(spec, TIERS)
    content = instance_content(spec, zone)
    instance = lustre.Instance(
        scope.child("lustre"),
        project=target.project,
        # the name holds all that only a replacement changes
        instance_id=hashed_name(scope.spec, "shared", content, COMPUTE),
        location=zone,
        network=net.network_id,
        filesystem=mount_name(content),
        capacity_gib=str(capacity),
        per_unit_storage_throughput=str(spec.throughput),
        description="Shared by the jobs of the training cluster",
        labels=scope.tags,
        deletion_policy="PREVENT" if scope.defaults.protected else "DELETE",
        opts=scope.opts(depends_on=(service, *net.ready), protect=scope.defaults.protected or None),
    )
    scope.note(
        CREATED,
        "Google's key encrypts it: GKE mounts no instance of Managed Lustre that a key of the platform encrypts "
        "(https://docs.cloud.google.com/managed-lustre/docs/cmek); where that is not allowed, use cluster.mounts",
    )
    return FileSystemParts(
        # ADDRESS@tcp:/NAME
        address={
            "address": instance.mount_point.apply(lambda point: point.partition("@")[0]),
            "filesystem": instance.filesystem,
        },
        capacity_gib=capacity,
    )
