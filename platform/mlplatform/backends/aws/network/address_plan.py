"""The address ranges of each zone. Plain arithmetic: always the same ranges, none of them overlapping."""

from __future__ import annotations

from ipaddress import IPv4Network

from mlplatform.fast.record import record


@record()
class ZoneRanges:
    """The ranges of one zone."""

    zone: str
    """The zone."""

    private: str
    """Nodes and endpoints: a quarter of the VPC."""

    public: str
    """NAT gateways: a quarter of the VPC's last quarter."""

    pods: str
    """Pods: a quarter of the pod range."""


def plan_addresses(zones: tuple[str, ...], cidr: IPv4Network, pod_cidr: IPv4Network) -> tuple[ZoneRanges, ...]:
    """Ranges of at most three zones. A zone keeps its ranges when another is added after it."""
    quarters = list(cidr.subnets(prefixlen_diff=2))
    public = list(quarters[3].subnets(prefixlen_diff=2))
    pods = list(pod_cidr.subnets(prefixlen_diff=2))
    return tuple(
        ZoneRanges(zone, str(quarters[index]), str(public[index]), str(pods[index])) for index, zone in enumerate(zones)
    )
