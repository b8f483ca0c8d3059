"""A VPC with one subnet for all zones, egress, private access to Google's services, flow logs; or an existing VPC."""

from __future__ import annotations

import pulumi
from pulumi_gcp import compute

from mlplatform.backends.gcp.adopted_network import GcpAdoptedNetwork
from mlplatform.backends.gcp.existing import GcpExistingNetwork
from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.network import existing_network
from mlplatform.backends.gcp.network.address_plan import plan_addresses
from mlplatform.backends.gcp.network.egress import build_egress
from mlplatform.backends.gcp.network.endpoints_private import build_private_apis
from mlplatform.backends.gcp.network.firewall import build_firewall
from mlplatform.backends.gcp.network.hub import connect_hub
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.network.private_services import connect_services
from mlplatform.backends.gcp.network.zones import zones_in_use
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.network import NetworkSpec

_MTU = 8896
_PODS = "pods"
_SERVICES = "services"


def build(scope: Scope, spec: NetworkSpec, keys: Keys, telemetry: Telemetry) -> GcpNetwork:
    """Build the network, or name the parts of the existing one; the sink of telemetry collects its logs."""
    del keys, telemetry
    target = scope.target(GcpTarget)
    if target.network:
        return existing_network.build(scope, _existing_network(target, target.network))
    zones = zones_in_use(scope.spec, target, scope.context.backend.catalog)
    foundation = native(scope.context.foundation.parts, GcpFoundation)
    vpc = compute.Network(
        scope.child("vpc"),
        project=target.project,
        name=physical_name(scope.spec, "", COMPUTE),
        auto_create_subnetworks=False,
        routing_mode="REGIONAL",
        mtu=_MTU,
        delete_default_routes_on_create=True,
        opts=scope.opts(depends_on=foundation.after("compute")),
    )
    ranges = plan_addresses(spec)
    nodes = _subnet(
        scope,
        spec,
        vpc,
        "nodes",
        str(ranges.nodes),
        [
            compute.SubnetworkSecondaryIpRangeArgs(range_name=_PODS, ip_cidr_range=str(spec.pod_cidr)),
            compute.SubnetworkSecondaryIpRangeArgs(range_name=_SERVICES, ip_cidr_range=str(spec.service_cidr)),
        ],
    )
    apps = _subnet(scope, spec, vpc, "apps", str(ranges.apps), [])
    peered: list[pulumi.Resource] = [nodes, apps]
    if target.hub and scope.spec.entry == "peering":
        peered.append(connect_hub(scope, target.hub, vpc, apps))
    ready = [nodes, apps, *build_egress(scope, spec, vpc, len(zones)), *build_firewall(scope, vpc, str(ranges.nodes))]
    ready += connect_services(scope, vpc, foundation, peered)
    if spec.private_endpoints:
        ready += build_private_apis(scope, vpc, foundation)
    return GcpNetwork(
        network_id=vpc.id,
        node_subnet_ids=(nodes.id,),
        zones=zones,
        subnet_id=nodes.id,
        pods_range=_PODS,
        services_range=_SERVICES,
        apps_subnet_id=apps.id,
        ready=tuple(ready),
    )


def _subnet(
    scope: Scope,
    spec: NetworkSpec,
    vpc: compute.Network,
    role: str,
    cidr: str,
    secondary: list[compute.SubnetworkSecondaryIpRangeArgs],
) -> compute.Subnetwork:
    target = scope.target(GcpTarget)
    logs = compute.SubnetworkLogConfigArgs(
        aggregation_interval="INTERVAL_10_MIN", flow_sampling=0.5, metadata="INCLUDE_ALL_METADATA"
    )
    return compute.Subnetwork(
        scope.child(role),
        project=target.project,
        name=physical_name(scope.spec, role, COMPUTE),
        region=target.region,
        network=vpc.id,
        ip_cidr_range=cidr,
        secondary_ip_ranges=secondary,
        private_ip_google_access=True,
        stack_type="IPV4_ONLY",
        log_config=logs if spec.flow_logs else None,
        opts=scope.opts(),
    )


def _existing_network(target: GcpTarget, network: GcpAdoptedNetwork) -> GcpExistingNetwork:
    host = network.project or target.project
    return GcpExistingNetwork(
        network_id=f"projects/{host}/global/networks/{network.network}",
        subnet_id=target.subnet_path(network.subnet, host),
        pods_range=network.pods_range,
        services_range=network.services_range,
        apps_subnet_id=target.subnet_path(network.apps_subnet or network.subnet, host),
    )
