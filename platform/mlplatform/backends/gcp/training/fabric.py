"""Extra networks for machines with GPUDirect-TCPX or TCPXO: one per fast interface, shared by all such pools.

Machines with RoCE need none: GKE creates theirs (`accelerator_network_profile`).
https://docs.cloud.google.com/kubernetes-engine/docs/how-to/gpu-bandwidth-gpudirect-tcpx
"""

from __future__ import annotations

from ipaddress import IPv4Network

import pulumi
from pulumi_gcp import compute

from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.network.address_plan import fabric_ranges
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.machine import GpuMachine
from mlplatform.components.cluster import FabricNetwork
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.components.selection import choose_pool
from mlplatform.spec.training import TrainingSpec

_MTU = 8244


def count_extra_networks(machine: GpuMachine) -> int:
    """Number of extra networks that a machine's fabric needs."""
    fabric = machine.fabric
    return fabric.interfaces if fabric and fabric.kind in ("tcpx", "tcpxo") else 0


def build_fabric(scope: Scope, spec: TrainingSpec, after: tuple[pulumi.Resource, ...]) -> tuple[FabricNetwork, ...]:
    """Build as many networks as the most demanding pool of the spec needs."""
    machines = (
        choose_pool(scope.context.backend, scope.context.target, pool).machine for pool in spec.pools if pool.fabric
    )
    count = max((count_extra_networks(machine) for machine in machines), default=0)
    if count:
        scope.note(
            "training.pools.fabric",
            f"the fabric uses {count} more networks of the project's quota"
            + ("" if scope.spec.cluster else "; install Network and GKENetworkParamSet objects and NCCL's plug-in"),
        )
    ranges = fabric_ranges(scope.spec.network, count)
    return tuple(_network(scope, number, cidr, after) for number, cidr in enumerate(ranges, start=1))


def _network(scope: Scope, number: int, cidr: IPv4Network, after: tuple[pulumi.Resource, ...]) -> FabricNetwork:
    target = scope.target(GcpTarget)
    name = physical_name(scope.spec, f"fabric-{number}", COMPUTE)
    network = compute.Network(
        scope.child(f"fabric-{number}"),
        project=target.project,
        name=name,
        auto_create_subnetworks=False,
        routing_mode="REGIONAL",
        mtu=_MTU,
        delete_default_routes_on_create=True,
        opts=scope.opts(depends_on=after),
    )
    subnet = compute.Subnetwork(
        scope.child(f"fabric-{number}-subnet"),
        project=target.project,
        name=name,
        region=target.region,
        network=network.id,
        ip_cidr_range=str(cidr),
        private_ip_google_access=True,
        stack_type="IPV4_ONLY",
        log_config=compute.SubnetworkLogConfigArgs(
            aggregation_interval="INTERVAL_15_MIN", flow_sampling=0.05, metadata="EXCLUDE_ALL_METADATA"
        )
        if scope.spec.network.flow_logs
        else None,
        opts=scope.opts(),
    )
    compute.Firewall(
        scope.child(f"fabric-{number}-internal"),
        project=target.project,
        name=name,
        network=network.id,
        direction="INGRESS",
        source_ranges=[str(cidr)],
        allows=[compute.FirewallAllowArgs(protocol=protocol) for protocol in ("tcp", "udp", "icmp")],
        log_config=compute.FirewallLogConfigArgs(metadata="EXCLUDE_ALL_METADATA"),
        opts=scope.opts(),
    )
    return FabricNetwork(network=network.name, subnet=subnet.name)
