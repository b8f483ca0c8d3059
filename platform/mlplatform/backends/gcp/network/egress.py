"""Egress: routes, and Cloud NAT with fixed addresses."""

from __future__ import annotations

import pulumi
from pulumi_gcp import compute

from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.network.address_plan import PRIVATE_APIS
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.network import NetworkSpec


def build_egress(scope: Scope, spec: NetworkSpec, vpc: compute.Network, zones: int) -> list[pulumi.Resource]:
    """Routes to Google's private addresses, and to the internet where the spec wants NAT.

    A Cloud NAT gateway is regional and runs on no single machine: `per-zone` means one address per zone.
    """
    nat = spec.nat or scope.defaults.nat
    resources: list[pulumi.Resource] = []
    if spec.private_endpoints:
        resources.append(_route(scope, vpc, "private-apis", PRIVATE_APIS))
    if nat == "none":
        return resources
    resources.append(_route(scope, vpc, "internet", "0.0.0.0/0"))
    resources.append(_nat(scope, vpc, zones if nat == "per-zone" else 1))
    return resources


def _route(scope: Scope, vpc: compute.Network, role: str, destination: str) -> compute.Route:
    return compute.Route(
        scope.child(f"route-{role}"),
        project=scope.target(GcpTarget).project,
        name=physical_name(scope.spec, role, COMPUTE),
        network=vpc.id,
        dest_range=destination,
        next_hop_gateway="default-internet-gateway",
        priority=1000,
        opts=scope.opts(),
    )


def _nat(scope: Scope, vpc: compute.Network, addresses: int) -> compute.RouterNat:
    target = scope.target(GcpTarget)
    router = compute.Router(
        scope.child("router"),
        project=target.project,
        name=physical_name(scope.spec, "router", COMPUTE),
        region=target.region,
        network=vpc.id,
        opts=scope.opts(),
    )
    fixed = [
        compute.Address(
            scope.child(f"nat-address-{number}"),
            project=target.project,
            name=physical_name(scope.spec, f"nat-{number}", COMPUTE),
            region=target.region,
            address_type="EXTERNAL",
            labels=scope.tags,
            opts=scope.opts(depends_on=[router]),
        )
        for number in range(1, addresses + 1)
    ]
    return compute.RouterNat(
        scope.child("nat"),
        project=target.project,
        name=physical_name(scope.spec, "nat", COMPUTE),
        region=target.region,
        router=router.name,
        nat_ip_allocate_option="MANUAL_ONLY",
        nat_ips=[address.self_link for address in fixed],
        source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
        enable_dynamic_port_allocation=True,
        enable_endpoint_independent_mapping=False,  # the two exclude each other
        min_ports_per_vm=64,
        max_ports_per_vm=32768,
        log_config=compute.RouterNatLogConfigArgs(enable=True, filter="ERRORS_ONLY"),
        opts=scope.opts(),
    )
