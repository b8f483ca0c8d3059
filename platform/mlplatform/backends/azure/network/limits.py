"""What Azure refuses in a network and its zones. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.network import address_plan as addresses
from mlplatform.backends.azure.network.zones import region_zones, zones
from mlplatform.backends.azure.target import AdoptedNetwork, AzureTarget
from mlplatform.catalog.catalog import Catalog
from mlplatform.components.backend import Limit
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def _no_private_endpoints(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if not spec.network.private_endpoints:
        yield "network.private_endpoints", "False"


def _no_egress(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    target = spec.targets[0]
    adopted = isinstance(target, AzureTarget) and target.network is not None
    if spec.network.nat == "none" and spec.training and not adopted:
        yield "network.nat", "none"


NETWORK_LIMITS = (
    Limit(
        field="network.private_endpoints",
        support="partial",
        reason="stores, vaults and registries have no public address here, so nothing would reach them",
        alternative="leave network.private_endpoints true",
        violations=_no_private_endpoints,
    ),
    Limit(
        field="network.nat",
        support="partial",
        reason="AKS nodes fetch images, GPU drivers and tokens from Microsoft's public endpoints",
        alternative="set network.nat to single, or adopt a network whose routes lead to a firewall",
        violations=_no_egress,
    ),
)


def problem(path: str, got: object, expected: str, fix: str) -> Problem:
    """A refusal by Azure."""
    return Problem(path=path, got=str(got), expected=expected, fix=fix, cloud="azure")


def network_problems(spec: PlatformSpec, target: AzureTarget, catalog: Catalog) -> Iterator[Problem]:
    """What Azure refuses in the network and the target's zones."""
    yield from _zones(spec, target, catalog)
    yield from _ranges(spec)
    if target.network:
        yield from _adopted(spec, target.network)
    else:
        yield from _rooms(spec)


def most_nodes(spec: PlatformSpec) -> int:
    """Most nodes that the cluster can have at once, with one more per system pool while it is upgraded."""
    if spec.training is None:
        return 0
    system = spec.training.system_pool.max_nodes
    surge = max(1, len(zones(spec))) + system // 3
    return system + surge + sum(pool.max_nodes for pool in spec.training.pools)


def _zones(spec: PlatformSpec, target: AzureTarget, catalog: Catalog) -> Iterator[Problem]:
    known = region_zones(target.location)
    wanted, have = spec.network.zones, len(target.zones or known)
    if wanted and have < wanted:
        near = [name for name, region in catalog.regions.items() if len(region.zones) >= wanted][:3]
        yield problem(
            "network.zones",
            f"{wanted}, of which {target.location} or the target offers {have}",
            "no more zones than there are",
            f"name {wanted} zones in the target, or leave network.zones out"
            if known
            else f"leave network.zones out, or use a region with zones, for example {', '.join(near)}",
        )


def _ranges(spec: PlatformSpec) -> Iterator[Problem]:
    network = spec.network
    for field, value in (
        ("cidr", network.cidr),
        ("pod_cidr", network.pod_cidr),
        ("service_cidr", network.service_cidr),
    ):
        for refused in addresses.REFUSED:
            if spec.training and value.overlaps(refused):
                yield problem(
                    f"network.{field}",
                    value,
                    f"a range outside {refused}, which AKS keeps for itself",
                    "choose another private range",
                )
    nodes, room = most_nodes(spec), addresses.nodes_with_pods(network.pod_cidr)
    if nodes > room:
        yield problem(
            "network.pod_cidr",
            network.pod_cidr,
            f"room for {nodes} nodes; every node takes 256 pod addresses, so this range has room for {room}",
            "choose a larger range, up to /16, or lower max_nodes of the pools",
        )


def _rooms(spec: PlatformSpec) -> Iterator[Problem]:
    subnet = addresses.divide(spec.network.cidr).nodes[0]
    nodes, room = most_nodes(spec), addresses.room(subnet)
    if nodes > room:
        yield problem(
            "network.cidr",
            spec.network.cidr,
            f"room for {nodes} nodes in one zone; its subnet {subnet} has room for {room}",
            "choose a larger range, up to /16, or lower max_nodes of the pools",
        )


def _adopted(spec: PlatformSpec, adopted: AdoptedNetwork) -> Iterator[Problem]:
    used = zones(spec)
    if len(adopted.node_subnet_ids) not in (1, len(used)):
        yield problem(
            "targets[azure].network.node_subnet_ids",
            f"{len(adopted.node_subnet_ids)} subnets",
            f"one subnet for all zones, or one for each of {', '.join(used)}",
            "name as many subnets as zones, in the same order",
        )
    named = {
        "endpoint_subnet_id": adopted.endpoint_subnet_id,
        "api_subnet_id": adopted.api_subnet_id,
        "apps_subnet_id": adopted.apps_subnet_id,
    }
    named |= {f"node_subnet_ids[{index}]": subnet for index, subnet in enumerate(adopted.node_subnet_ids)}
    for field, subnet in named.items():
        if subnet and not subnet.lower().startswith(f"{adopted.vnet_id.lower()}/"):
            yield problem(
                f"targets[azure].network.{field}",
                subnet,
                f"a subnet of {adopted.vnet_id}",
                "name a subnet of the adopted network",
            )
    if not adopted.apps_subnet_id and any(endpoint.replicas[0] == 0 for endpoint in spec.endpoints):
        yield problem(
            "targets[azure].network.apps_subnet_id",
            "nothing",
            "a subnet delegated to Microsoft.App/environments: an endpoint scales to zero",
            "name one of /27 or larger, or override the endpoint's replicas in the AzureTarget",
        )
