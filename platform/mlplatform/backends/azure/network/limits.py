"""Limits of the network on Azure, and problems of it and its zones. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlplatform.backends.azure.foundation.regions import region_zones
from mlplatform.backends.azure.network import address_plan
from mlplatform.backends.azure.network.zones import zones_in_use
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.entry import entry_problems
from mlplatform.components.problems import reference_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

if TYPE_CHECKING:
    from mlplatform.backends.azure.adopted_network import AzureAdoptedNetwork


def _no_private_endpoints(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if not spec.network.private_endpoints:
        yield "network.private_endpoints", "False"


def _no_egress(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    target = spec.targets[0]
    adopted = isinstance(target, AzureTarget) and target.network is not None
    if spec.network.nat == "none" and spec.training and not adopted:
        yield "network.nat", "none"


LIMITS: tuple[Limit, ...] = (
    Limit(
        field="network.private_endpoints",
        support="partial",
        reason="stores, vaults and registries have no public address: only private endpoints reach them",
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


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Missing zones, ranges that AKS reserves or that are too small, and faults of an adopted network."""
    yield from entry_problems(backend, spec, hub=target.hub, adopted=target.network is not None)
    yield from _zone_problems(spec, target, backend)
    yield from _range_problems(spec, backend)
    yield from _runner_problems(spec, target, backend)
    if target.network:
        yield from reference_problems(backend, "targets[azure].network", target.network.references())
        yield from _adopted_problems(spec, target.network, backend)
    else:
        yield from _size_problems(spec, backend)


def _most_nodes(spec: PlatformSpec) -> int:
    """Largest number of nodes at once, with one more per system pool while it is upgraded."""
    if spec.training is None:
        return 0
    system = spec.training.system_pool.max_nodes
    surge = max(1, len(zones_in_use(spec))) + system // 3
    return system + surge + sum(pool.max_nodes for pool in spec.training.all_pools)


def _zone_problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    in_region = region_zones(target.location)
    wanted, offered = spec.network.zones, len(target.zones or in_region)
    if wanted and offered < wanted:
        near = [name for name, region in backend.catalog.regions.items() if len(region.zones) >= wanted][:3]
        yield backend.refuse(
            "network.zones",
            f"{wanted}; {target.location} or the target offers {offered}",
            "no more zones than the region or the target offers",
            f"name {wanted} zones in the target, or leave network.zones out"
            if in_region
            else f"leave network.zones out, or use a region with zones, for example {', '.join(near)}",
        )


RUNNER_REGIONS = frozenset(
    (
        "australiaeast",
        "brazilsouth",
        "canadacentral",
        "canadaeast",
        "centralus",
        "eastasia",
        "eastus",
        "eastus2",
        "francecentral",
        "germanywestcentral",
        "japaneast",
        "koreacentral",
        "northcentralus",
        "northeurope",
        "norwayeast",
        "southcentralus",
        "southeastasia",
        "southindia",
        "swedencentral",
        "switzerlandnorth",
        "uksouth",
        "westus",
        "westus2",
        "westus3",
    )
)
"""Regions in which GitHub's machines join a network, as of 2026-11:
https://docs.github.com/organizations/managing-organization-settings/troubleshooting-azure-private-network-configurations-for-github-hosted-runners-in-your-organization"""


def _runner_problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    ci, hosted = (
        spec.access.ci,
        "set access.ci.runner to hosted, and run such jobs on a machine in a hub (access.entry)",
    )
    if ci is None or ci.runner != "network":
        return
    if ci.system != "github":
        yield backend.refuse("access.ci.runner", "network", "GitHub: only its machines join a network of Azure", hosted)
    elif ci.owner_id is None:
        yield backend.refuse(
            "access.ci.owner_id",
            "nothing",
            "the number of the repository's owner, to which Azure offers the network",
            f"add owner_id and repository_id, which {ci.ids_command} prints",
        )
    if target.network:
        yield backend.refuse(
            "access.ci.runner",
            "network",
            "a network that the platform makes: the owner of an existing one offers a subnet of it to GitHub",
            hosted,
        )
    if target.location not in RUNNER_REGIONS:
        yield backend.refuse(
            "access.ci.runner",
            f"network in {target.location}",
            f"a region in which GitHub's machines join a network: {', '.join(sorted(RUNNER_REGIONS))}",
            hosted,
        )


def _range_problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    network = spec.network
    for field, value in (
        ("cidr", network.cidr),
        ("pod_cidr", network.pod_cidr),
        ("service_cidr", network.service_cidr),
    ):
        for refused in address_plan.RESERVED_RANGES:
            if spec.training and value.overlaps(refused):
                yield backend.refuse(
                    f"network.{field}",
                    value,
                    f"a range outside {refused}, which AKS reserves",
                    "choose another private range",
                )
    nodes, room = _most_nodes(spec), address_plan.nodes_with_pods(network.pod_cidr)
    if nodes > room:
        yield backend.refuse(
            "network.pod_cidr",
            network.pod_cidr,
            f"room for {nodes} nodes; every node occupies 256 pod addresses, so this range has room for {room}",
            "choose a larger range, up to /16, or lower max_nodes of the pools",
        )


def _size_problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    if spec.network.cidr.prefixlen > address_plan.SMALLEST_PREFIX:
        yield backend.refuse(
            "network.cidr",
            spec.network.cidr,
            f"/{address_plan.SMALLEST_PREFIX} or larger: private endpoints and apps have a sixteenth of it each, a /27",
            f"choose a range of /16 to /{address_plan.SMALLEST_PREFIX}",
        )
        return
    subnet = address_plan.divide_range(spec.network.cidr).nodes[0]
    nodes, room = _most_nodes(spec), address_plan.machines_that_fit(subnet)
    if nodes > room:
        yield backend.refuse(
            "network.cidr",
            spec.network.cidr,
            f"room for {nodes} nodes in one zone; its subnet {subnet} has room for {room}",
            "choose a larger range, up to /16, or lower max_nodes of the pools",
        )


def _adopted_problems(spec: PlatformSpec, adopted: AzureAdoptedNetwork, backend: Backend) -> Iterator[Problem]:
    used = zones_in_use(spec)
    if len(adopted.node_subnet_ids) not in (1, len(used)):
        yield backend.refuse(
            "targets[azure].network.node_subnet_ids",
            f"{len(adopted.node_subnet_ids)} subnets",
            f"one subnet for all zones, or one for each of {', '.join(used)}",
            "name as many subnets as zones, in the same order",
        )
    subnets = {
        "endpoint_subnet_id": adopted.endpoint_subnet_id,
        "api_subnet_id": adopted.api_subnet_id,
        "apps_subnet_id": adopted.apps_subnet_id,
    }
    subnets |= {f"node_subnet_ids[{index}]": subnet for index, subnet in enumerate(adopted.node_subnet_ids)}
    for field, subnet in subnets.items():
        if subnet and not subnet.lower().startswith(f"{adopted.vnet_id.lower()}/"):
            yield backend.refuse(
                f"targets[azure].network.{field}",
                subnet,
                f"a subnet of {adopted.vnet_id}",
                "name a subnet of the adopted network",
            )
    if not adopted.apps_subnet_id and any(endpoint.sleeps for endpoint in spec.managed_endpoints):
        yield backend.refuse(
            "targets[azure].network.apps_subnet_id",
            "nothing",
            "a subnet delegated to Microsoft.App/environments, because an endpoint scales to zero",
            "name one of /27 or larger, or override the endpoint's replicas in the target",
        )
    if not adopted.apps_subnet_id and spec.door_pipelines:
        yield backend.refuse(
            "targets[azure].network.apps_subnet_id",
            "nothing",
            "a subnet delegated to Microsoft.App/environments, in which the program runs that starts pipelines",
            "name one of /27 or larger, or remove the triggers",
            fields=("pipelines",),
        )
