"""Division of the network's range into subnets. Imports no SDK."""

from __future__ import annotations

from ipaddress import IPv4Network

from mlplatform.fast.record import record

RESERVED_ADDRESSES = 5
"""Addresses of every subnet that Azure reserves,
https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq"""

PODS_PER_NODE = IPv4Network("0.0.0.0/24").num_addresses
"""Overlay addresses that a node occupies, whatever it runs,
https://learn.microsoft.com/azure/aks/azure-cni-overlay"""

RESERVED_RANGES = tuple(
    IPv4Network(text) for text in ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")
)
"""Ranges that AKS reserves, https://learn.microsoft.com/azure/aks/configure-azure-cni"""


@record()
class AzureAddressPlan:
    """The subnets' ranges, at fixed positions, so that none moves when a zone is added."""

    nodes: tuple[IPv4Network, ...]
    """A quarter of the range for each of up to three zones."""

    api: IPv4Network
    """The cluster's API server."""

    endpoints: IPv4Network
    """Private endpoints."""

    apps: IPv4Network
    """Endpoints that scale to zero."""

    runners: IPv4Network
    """Machines of CI's jobs, one address each."""


def divide_range(cidr: IPv4Network) -> AzureAddressPlan:
    """Divide a range of /16 to /23: three quarters for nodes, the last quarter in four parts for the rest."""
    *nodes, rest = cidr.subnets(prefixlen_diff=2)
    endpoints, api, apps, runners = rest.subnets(prefixlen_diff=2)
    return AzureAddressPlan(nodes=tuple(nodes), api=api, endpoints=endpoints, apps=apps, runners=runners)


SMALLEST_PREFIX = 23
"""Longest prefix of the network's range: of it, a subnet for apps has 1/16, and Container Apps needs a /27.
https://learn.microsoft.com/azure/container-apps/custom-virtual-networks"""


def machines_that_fit(subnet: IPv4Network) -> int:
    """Machines that fit into a subnet."""
    return subnet.num_addresses - RESERVED_ADDRESSES


def nodes_with_pods(pod_cidr: IPv4Network) -> int:
    """Nodes that fit into a pod range."""
    return pod_cidr.num_addresses // PODS_PER_NODE
