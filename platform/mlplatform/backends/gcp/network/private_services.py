"""The way to services that Google runs in networks of its own: a range of addresses, and a peering.

https://docs.cloud.google.com/managed-lustre/docs/vpc
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import compute, servicenetworking

from mlplatform.backends.gcp.foundation.foundation import enable_service
from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.network.files_range import files_range
from mlplatform.backends.gcp.network.parts import node_tag
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import hashed_name, physical_name
from mlplatform.components.scope import Scope

_PORTS = ("988", "1018-1023")


def connect_services(
    scope: Scope, vpc: compute.Network, foundation: GcpFoundation, after: Sequence[pulumi.Resource]
) -> list[pulumi.Resource]:
    """The peering and the rule that lets the servers call nodes back, where the spec has a file system."""
    cidr = files_range(scope.spec)
    if cidr is None:
        return []
    target = scope.target(GcpTarget)
    service = enable_service(scope, "servicenetworking", after=foundation.after("cloudresourcemanager"))
    address = compute.GlobalAddress(
        scope.child("services"),
        project=target.project,
        # another range is another one, and both are there for a while
        name=hashed_name(scope.spec, "services", str(cidr), COMPUTE),
        address_type="INTERNAL",
        purpose="VPC_PEERING",
        address=str(cidr.network_address),
        prefix_length=cidr.prefixlen,
        network=vpc.id,
        labels=scope.tags,
        opts=scope.opts(),
    )
    peering = servicenetworking.Connection(
        scope.child("services-peering"),
        network=vpc.id,
        service="servicenetworking.googleapis.com",
        reserved_peering_ranges=[address.name],
        # Google keeps its network for days after the last instance; it goes with ours
        deletion_policy="ABANDON",
        # Google accepts one change of a network's peerings and subnets at a time
        opts=scope.opts(depends_on=[service, *after]),
    )
    rule = compute.Firewall(
        scope.child("lustre"),
        project=target.project,
        name=physical_name(scope.spec, "lustre", COMPUTE),
        network=vpc.id,
        direction="INGRESS",
        source_ranges=[str(cidr)],
        target_tags=[node_tag(scope.spec)],
        allows=[compute.FirewallAllowArgs(protocol="tcp", ports=list(_PORTS))],
        log_config=compute.FirewallLogConfigArgs(metadata="INCLUDE_ALL_METADATA"),
        opts=scope.opts(),
    )
    return [peering, rule]
