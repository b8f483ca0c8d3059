"""Parts of the network's range, and other ranges in use. Imports no SDK."""

from __future__ import annotations

from ipaddress import IPv4Network

from mlplatform.fast.record import record
from mlplatform.spec.network import NetworkSpec

PRIVATE_APIS = "199.36.153.8/30"
"""private.googleapis.com, https://docs.cloud.google.com/vpc/docs/configure-private-google-access"""

_INNER = tuple(
    IPv4Network(text) for text in ("100.64.128.0/20", "192.168.240.0/20", "172.31.240.0/20", "10.255.240.0/20")
)
"""Ranges that a service may use within itself; the first is Google's own choice."""

_FABRIC_BLOCKS = ("192.168.0.0/16", "172.16.0.0/16", "10.200.0.0/16", "10.201.0.0/16")
_FABRIC_PREFIX = 22


@record()
class GcpAddressPlan:
    """Parts of the network's range; the last quarter is free for a shared file system."""

    nodes: IPv4Network
    """First half: cluster nodes and the internal addresses in front of them."""

    apps: IPv4Network
    """Third quarter: Cloud Run's direct egress, which keeps addresses for a while after a service is deleted."""

    last: IPv4Network
    """Last quarter."""


def plan_addresses(spec: NetworkSpec) -> GcpAddressPlan:
    """Divide the network's range."""
    first, second = spec.cidr.subnets(1)
    apps, last = second.subnets(1)
    return GcpAddressPlan(nodes=first, apps=apps, last=last)


def inner_range(spec: NetworkSpec) -> IPv4Network:
    """A /20 that a service of Google's uses within itself; what has an address in it is out of the service's reach, so
    that it overlaps no range of the network.

    https://docs.cloud.google.com/composer/docs/reference/rest/v1/projects.locations.environments#NodeConfig
    """
    used = (spec.cidr, spec.pod_cidr, spec.service_cidr)
    return next(inner for inner in _INNER if not any(inner.overlaps(cidr) for cidr in used))


def fabric_block(spec: NetworkSpec) -> IPv4Network:
    """The block of the extra networks of nodes with fast interfaces; it overlaps no range of the network."""
    used = (spec.cidr, spec.pod_cidr, spec.service_cidr)
    return next(
        block for text in _FABRIC_BLOCKS if not any((block := IPv4Network(text)).overlaps(cidr) for cidr in used)
    )


def fabric_ranges(spec: NetworkSpec, count: int) -> tuple[IPv4Network, ...]:
    """Ranges of the extra networks of nodes with fast interfaces."""
    return tuple(fabric_block(spec).subnets(new_prefix=_FABRIC_PREFIX))[:count]
