"""Limits of the network and its zones on GCP. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from mlplatform.backends.gcp.network.address_plan import plan_addresses
from mlplatform.backends.gcp.network.pods import CPU_PODS, SYSTEM_PODS, addresses_of_node, pods_per_node
from mlplatform.backends.gcp.network.zones import wanted_zones, zones_in_use
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.choice import Choice
from mlplatform.components.backend import Backend
from mlplatform.components.entry import entry_problems
from mlplatform.components.problems import reference_problems
from mlplatform.components.selection import try_pool
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

BRIDGE = IPv4Network("172.17.0.0/16")
"""Range of the container runtime on nodes."""
_RESERVED_ADDRESSES = 12


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Too few zones, no way to Google's services, and ranges that clash or are too small."""
    yield from entry_problems(backend, spec, hub=target.hub, adopted=target.network is not None)
    yield from _zones(spec, target, backend)
    if target.network:
        yield from reference_problems(backend, "targets[gcp].network", target.network.references())
        return
    network = spec.network
    nat = network.nat or spec.defaults.nat
    if nat == "none" and not network.private_endpoints:
        yield backend.refuse(
            "network.nat",
            "none",
            "a way to Google's services: without NAT and private endpoints, nodes cannot join the cluster",
            "set network.private_endpoints to true, or network.nat to single",
        )
    for field, cidr in (
        ("cidr", network.cidr),
        ("pod_cidr", network.pod_cidr),
        ("service_cidr", network.service_cidr),
    ):
        if cidr.overlaps(BRIDGE):
            yield backend.refuse(
                f"network.{field}",
                cidr,
                f"a range that does not overlap {BRIDGE}, which the container runtime of the nodes uses",
                "choose another range, for example 172.20.0.0/16",
            )
    yield from _sizes(spec, target, backend)


def _zones(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    known = backend.catalog.regions[target.region].zones
    count, needed = len(set(zones_in_use(spec, target, backend.catalog))), wanted_zones(spec)
    if count < needed:
        yield backend.refuse(
            "targets[gcp].zones" if target.zones else "network.zones",
            f"{count} of {needed} zones in {target.region}",
            "as many zones as network.zones or the environment's profile asks for",
            f"name {needed} zones of {', '.join(known)}, or lower network.zones to {max(count, 2)}",
        )


def _sizes(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    if spec.training is None:
        return
    # an upgrade of the system pool adds one node
    system = spec.training.system_pool.max_nodes + 1
    gpu = sum(pool.max_nodes for pool in spec.training.pools)
    system_range = addresses_of_node(SYSTEM_PODS)
    pods = system * system_range
    for pool in spec.training.pools:
        choice = try_pool(backend, target, pool)
        pods += (
            pool.max_nodes * addresses_of_node(pods_per_node(pool, choice.machine)) if isinstance(choice, Choice) else 0
        )
    cpu = sum(pool.max_nodes for pool in spec.training.cpu_pools)
    pods += cpu * addresses_of_node(CPU_PODS)
    network = spec.network
    larger = "use a larger range (a smaller number behind the slash, down to /16), or lower max_nodes"
    if pods > network.pod_cidr.num_addresses:
        yield backend.refuse(
            "network.pod_cidr",
            f"{network.pod_cidr} for {system} system, {cpu} CPU and {gpu} GPU nodes",
            f"at least {pods} addresses: {system_range} per system and CPU node, and per GPU node twice its pods",
            larger,
        )
    nodes = plan_addresses(network).nodes
    if system + cpu + gpu + _RESERVED_ADDRESSES > nodes.num_addresses:
        yield backend.refuse(
            "network.cidr",
            f"{network.cidr}, of which nodes have {nodes}",
            f"at least {system + cpu + gpu + _RESERVED_ADDRESSES} addresses for nodes",
            larger,
        )
