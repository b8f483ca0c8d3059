"""Problems of a network and its zones on AWS. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from mlplatform.backends.aws.network.zones import zone_count, zones_in_use
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend
from mlplatform.components.problems import MOST_ZONES, reference_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_SHARED = IPv4Network("100.64.0.0/10")


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Everything AWS refuses in the network and the target's zones."""
    yield from _zone_problems(spec, target, backend)
    if target.network:
        yield from reference_problems(backend, "targets[aws].network", target.network.references())
    yield from _range_problems(spec, target, backend)
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
            "choose another private /16 to /20",
        )
