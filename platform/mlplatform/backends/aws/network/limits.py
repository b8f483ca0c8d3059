"""Problems of a network and its zones on AWS. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from mlplatform.backends.aws.network.address_plan import plan_addresses
from mlplatform.backends.aws.network.zones import zone_count, zones_in_use
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.catalog.choice import Choice
from mlplatform.components.backend import Backend
from mlplatform.components.entry import entry_problems
from mlplatform.components.problems import MOST_ZONES, reference_problems
from mlplatform.components.selection import try_pool
from mlplatform.components.shared_gpus import gpu_clients
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_SHARED = IPv4Network("100.64.0.0/10")
_RESERVED_ADDRESSES = 5
"""Of every subnet, https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""

_SERVICE_ADDRESSES = 32
"""Addresses of a zone for private endpoints, the cluster's own interfaces, and the machine of people's sessions."""


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Everything AWS refuses in the network and the target's zones."""
    yield from entry_problems(
        backend,
        spec,
        hub=target.hub,
        adopted=target.network is not None,
        hub_cidrs=target.hub.cidrs if target.hub else (),
    )
    yield from _zone_problems(spec, target, backend)
    if target.network:
        yield from reference_problems(backend, "targets[aws].network", target.network.references())
    yield from _range_problems(spec, target, backend)
    if target.network is None:
        yield from _size_problems(spec, target, backend)
    yield from _runner_problems(spec, target, backend)
    if target.network is None and spec.network.nat == "none" and not spec.network.private_endpoints:
        yield backend.refuse(
            "network.nat",
            "none",
            "access to AWS's own services: without NAT and private endpoints, nodes cannot join the cluster",
            "set network.private_endpoints to true, or network.nat to single",
        )


def _zone_problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    known = backend.catalog.regions[target.region].zones
    for zone in target.zones:
        if zone in known and target.network and zone not in target.network.subnets:
            yield backend.refuse(
                "targets[aws].network.subnets",
                f"no subnet in {zone}",
                "a private subnet for each of the target's zones",
                f"add the subnet of {zone}, or remove {zone} from zones",
            )
    if target.network:
        for zone in target.network.subnets:
            if zone not in known:
                yield backend.refuse(
                    "targets[aws].network.subnets",
                    zone,
                    f"zones of {target.region}: {', '.join(known)}",
                    "correct the zone's name",
                )
    available, needed = len(zones_in_use(spec, target, backend.catalog)), zone_count(spec, target, backend.catalog)
    most = backend.catalog.regions[target.region].zone_count
    if len(target.zones) > most and len(target.zones) <= MOST_ZONES:
        yield backend.refuse(
            "targets[aws].zones",
            ", ".join(target.zones),
            f"at most {most} zones: an account can use {most} of {target.region}'s {len(known)}",
            "name those that `aws ec2 describe-availability-zones` gives your account",
        )
    if available < max(needed, 2):
        yield backend.refuse(
            "network.zones" if spec.network.zones or not target.zones else "targets[aws].zones",
            f"{available} of {needed} zones in {target.region}",
            f"at least two zones, which EKS needs, and as many as network.zones says; an account can use {most} here",
            f"name {max(needed, 2)} zones of {', '.join(known)}, or lower network.zones to {max(available, 2)}"
            if needed <= most
            else f"lower network.zones to {max(available, 2)}, or use a region with more zones",
        )


def _range_problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    network = spec.network
    if not any(network.service_cidr.subnet_of(block) for block in _PRIVATE):
        yield backend.refuse(
            "network.service_cidr",
            network.service_cidr,
            "a range inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, as EKS requires for services",
            "use 172.20.0.0/16",
        )
    if target.network:
        for cidr in target.network.cidrs:
            yield from _adopted_range_problems(cidr, network.service_cidr, backend)
        return
    block = next((block for block in (*_PRIVATE, _SHARED) if network.cidr.subnet_of(block)), None)
    if not network.pod_cidr.subnet_of(_SHARED) and not (block and network.pod_cidr.subnet_of(block)):
        # https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
        yield backend.refuse(
            "network.pod_cidr",
            network.pod_cidr,
            f"a range that a VPC of {network.cidr} may add: inside 100.64.0.0/10" + (f" or {block}" if block else ""),
            "use 100.64.0.0/16",
        )


def _runner_problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    if spec.access.ci is None or spec.access.ci.runner != "network":
        return
    if target.ci_connection_arn is None:
        yield backend.refuse(
            "targets[aws].ci_connection_arn",
            "nothing",
            "a connection to the CI system, by which CodeBuild learns of its jobs",
            "make one in the console (Developer Tools, Connections), authorise it, and name its ARN; "
            "or set access.ci.runner to hosted",
        )
    if target.network is None and spec.network.nat == "none":
        yield backend.refuse(
            "access.ci.runner",
            "network",
            "a way to the CI system: without NAT, a job cannot reach it",
            "set network.nat to single, or access.ci.runner to hosted",
        )


def _size_problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Pools and endpoints that do not fit into the subnets of one zone, where all of them may have to be."""
    ranges = plan_addresses(("a",), spec.network.cidr, spec.network.pod_cidr)[0]
    subnet = IPv4Network(ranges.private)
    yield from _pod_problems(spec, target, backend, IPv4Network(ranges.pods))
    training = spec.training
    # an upgrade of the system pool adds one node
    nodes = training.system_pool.max_nodes + 1 + sum(pool.max_nodes for pool in training.all_pools) if training else 0
    replicas = sum(endpoint.replicas[1] for endpoint in spec.managed_endpoints)
    wanted, room = nodes + replicas, subnet.num_addresses - _RESERVED_ADDRESSES - _SERVICE_ADDRESSES
    if wanted > room:
        yield backend.refuse(
            "network.cidr",
            spec.network.cidr,
            f"room for {nodes} nodes and {replicas} replicas in one zone; its {subnet} has room for {max(room, 0)}",
            "choose a larger range, up to /16, or lower max_nodes and replicas",
        )


def _pod_problems(spec: PlatformSpec, target: AwsTarget, backend: Backend, subnet: IPv4Network) -> Iterator[Problem]:
    """More pods with a GPU than one zone has addresses for pods; the cluster's own pods come on top."""
    pods = 0
    for pool in spec.training.pools if spec.training else ():
        choice = try_pool(backend, target, pool)
        pods += pool.max_nodes * gpu_clients(pool, choice.machine) if isinstance(choice, Choice) else 0
    room = subnet.num_addresses - _RESERVED_ADDRESSES
    if pods > room:
        yield backend.refuse(
            "network.pod_cidr",
            spec.network.pod_cidr,
            f"room for {pods} pods with a GPU in one zone; its {subnet} has room for {room}",
            "choose a larger range, up to /16, or lower max_nodes or the clients of shared GPUs",
        )


def _adopted_range_problems(cidr: str, service_cidr: IPv4Network, backend: Backend) -> Iterator[Problem]:
    try:
        overlaps = IPv4Network(cidr).overlaps(service_cidr)
    except ValueError:
        yield backend.refuse(
            "targets[aws].network.cidrs",
            cidr,
            "an IPv4 range without host bits",
            "write for example 10.0.0.0/16",
        )
        return
    if overlaps:
        yield backend.refuse(
            "network.service_cidr",
            service_cidr,
            f"a range that does not overlap the adopted VPC's {cidr}",
            "choose another private range of /16 to /24",
        )
