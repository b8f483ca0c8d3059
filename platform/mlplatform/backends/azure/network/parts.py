"""Parts of the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi

from mlplatform.backends.azure.network.zones import item_of_zone
from mlplatform.components.network import NetworkParts

SubnetRole = Literal["nodes", "api", "endpoints", "apps", "runners", "files"]
"""Purpose of a subnet."""


@dataclass(frozen=True, kw_only=True)
class AzureNetwork(NetworkParts):
    """A virtual network; `node_subnet_ids` holds one subnet for all zones, or one per zone in their order.

    `endpoints_private.connect_privately` makes private endpoints in it.
    """

    subnets: Mapping[SubnetRole, pulumi.Output[str]]
    """Subnet id by role; `nodes` is the first zone's, `apps` may be missing in an adopted network."""

    dns_zone_ids: Mapping[str, pulumi.Output[str]]
    """Private DNS zone id by zone name (`privatelink.blob.core.windows.net`)."""

    dns_ready: tuple[pulumi.Resource, ...]
    """The zones' links to the network, prerequisites of whatever resolves private names."""

    egress: Literal["nat", "firewall", "none"]
    """Egress of nodes: NAT gateways, routes to a firewall, or not at all."""

    ready: tuple[pulumi.Resource, ...]
    """Subnets with egress, prerequisites of machines."""

    def node_subnet(self, zone: str) -> pulumi.Output[str]:
        """The subnet of a zone's nodes."""
        return item_of_zone(self.node_subnet_ids, self.zones, zone)
