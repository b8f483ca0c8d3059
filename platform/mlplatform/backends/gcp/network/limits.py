"""What GCP refuses in a network and its zones. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from mlplatform.backends.gcp.network.address_plan import plan
from mlplatform.backends.gcp.network.zones import wanted, zones
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.catalog import Catalog
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_BRIDGE = IPv4Network("172.17.0.0/16")
_TAKEN = 12
_SYSTEM_RANGE = 256
_GPU_RANGE = 64


def network_problems(spec: PlatformSpec, target: GcpTarget, catalog: Catalog) -> Iterator[Problem]:
    """What GCP refuses in the network and the target's zones."""
    yield from _zones(spec, target, catalog)
    if target.network:
        return
    network = spec.network
    nat = network.nat or spec.defaults.nat
    if nat == "none" and not network.private_endpoints:
        yield problem(
            "network.nat",
            "none",
            "a way to Google's services: without NAT and without private endpoints no node can join",
            "set network.private_endpoints to true, or network.nat to single",
        )
    for field, cidr in (
        ("cidr", network.cidr),
        ("pod_cidr", network.pod_cidr),
        ("service_cidr", network.service_cidr),
    ):
        if cidr.overlaps(_BRIDGE):
            yield problem(
                f"network.{field}",
                str(cidr),
                f"a range clear of {_BRIDGE}, which the nodes' container runtime uses itself",
                "choose another range, for example 172.20.0.0/16",
            )
    yield from _sizes(spec)


def problem(path: str, got: str, expected: str, fix: str) -> Problem:
    """A refusal of GCP's."""
    return Problem(path=path, got=got, expected=expected, fix=fix, cloud="gcp")


def _zones(spec: PlatformSpec, target: GcpTarget, catalog: Catalog) -> Iterator[Problem]:
    known = catalog.regions[target.region].zones
    have, need = len(set(zones(spec, target, catalog))), wanted(spec)
    if have < need:
        yield problem(
            "targets[gcp].zones" if target.zones else "network.zones",
            f"{have} of {need} zones in {target.region}",
            "as many zones as network.zones says, or as the environment's profile wants",
            f"name {need} zones of {', '.join(known)}, or lower network.zones to {max(have, 2)}",
        )


def _sizes(spec: PlatformSpec) -> Iterator[Problem]:
    if spec.training is None:
        return
    # an upgrade of the system pool brings one node more
    system = spec.training.system_pool.max_nodes + 1
    gpu = sum(pool.max_nodes for pool in spec.training.pools)
    pods = system * _SYSTEM_RANGE + gpu * _GPU_RANGE
    network = spec.network
    if pods > network.pod_cidr.num_addresses:
        yield problem(
            "network.pod_cidr",
            f"{network.pod_cidr} for {system} system and {gpu} GPU nodes",
            f"at least {pods} addresses: {_SYSTEM_RANGE} per system node and {_GPU_RANGE} per GPU node",
            "use a larger range (a smaller number behind the slash, down to /16), or lower max_nodes",
        )
    nodes = plan(network).nodes
    if system + gpu + _TAKEN > nodes.num_addresses:
        yield problem(
            "network.cidr",
            f"{network.cidr}, of which {nodes} is the nodes'",
            f"at least {system + gpu + _TAKEN} addresses for nodes",
            "use a larger range (a smaller number behind the slash, down to /16), or lower max_nodes",
        )
