"""What AWS refuses in a network and its zones. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from mlplatform.backends.aws.network.zones import wanted, zones
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.catalog.catalog import Catalog
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
SHARED = IPv4Network("100.64.0.0/10")


def network_problems(spec: PlatformSpec, target: AwsTarget, catalog: Catalog) -> Iterator[Problem]:
    """What AWS refuses in the network and the target's zones."""
    yield from _zones(spec, target, catalog)
    yield from _ranges(spec, target)
    if target.network is None and spec.network.nat == "none" and not spec.network.private_endpoints:
        yield problem(
            "network.nat",
            "none",
            "a way to AWS's own services: without NAT and without private endpoints no node can join",
            "set network.private_endpoints to true, or network.nat to single",
        )


def problem(path: str, got: str, expected: str, fix: str) -> Problem:
    """A refusal by AWS."""
    return Problem(path=path, got=got, expected=expected, fix=fix, cloud="aws")


def _zones(spec: PlatformSpec, target: AwsTarget, catalog: Catalog) -> Iterator[Problem]:
    known = catalog.regions[target.region].zones
    for zone in target.zones:
        if zone in known and target.network and zone not in target.network.subnets:
            yield problem(
                "targets[aws].network.subnets",
                f"no subnet in {zone}",
                "a private subnet for each of the target's zones",
                f"add the subnet of {zone}, or take {zone} out of zones",
            )
    if target.network:
        for zone in target.network.subnets:
            if zone not in known:
                yield problem(
                    "targets[aws].network.subnets",
                    zone,
                    f"zones of {target.region}: {', '.join(known)}",
                    "name its zone",
                )
    have, need = len(zones(spec, target, catalog)), wanted(spec, target)
    if have < max(need, 2):
        yield problem(
            "network.zones" if spec.network.zones or not target.zones else "targets[aws].zones",
            f"{have} of {need} zones in {target.region}",
            "at least two zones, which EKS needs, and as many as network.zones says",
            f"name {max(need, 2)} zones of {', '.join(known)}, or lower network.zones to {max(have, 2)}",
        )


def _ranges(spec: PlatformSpec, target: AwsTarget) -> Iterator[Problem]:
    network = spec.network
    if not any(network.service_cidr.subnet_of(block) for block in PRIVATE):
        yield problem(
            "network.service_cidr",
            str(network.service_cidr),
            "a range inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, which EKS asks for services",
            "use 172.20.0.0/16",
        )
    if target.network:
        for cidr in target.network.cidrs:
            yield from _adopted_range(cidr, network.service_cidr)
        return
    home = next((block for block in (*PRIVATE, SHARED) if network.cidr.subnet_of(block)), None)
    if not network.pod_cidr.subnet_of(SHARED) and not (home and network.pod_cidr.subnet_of(home)):
        # https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
        yield problem(
            "network.pod_cidr",
            str(network.pod_cidr),
            f"a range that a VPC of {network.cidr} may add: inside 100.64.0.0/10" + (f" or {home}" if home else ""),
            "use 100.64.0.0/16",
        )


def _adopted_range(cidr: str, service_cidr: IPv4Network) -> Iterator[Problem]:
    try:
        overlaps = IPv4Network(cidr).overlaps(service_cidr)
    except ValueError:
        yield problem(
            "targets[aws].network.cidrs",
            cidr,
            "an IPv4 range without host bits",
            "write for example 10.0.0.0/16",
        )
        return
    if overlaps:
        yield problem(
            "network.service_cidr",
            str(service_cidr),
            f"a range that does not overlap the adopted VPC's {cidr}",
            "choose another private /16 to /20",
        )
