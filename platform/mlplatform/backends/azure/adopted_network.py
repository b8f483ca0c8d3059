"""An existing virtual network, and the organisation's hub network, that a target names. Imports no SDK."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from mlplatform.spec.base import SpecModel
from mlplatform.spec.references import References, by_key, by_position

_NETWORK = r"/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/Microsoft\.Network"
_Subnet = Annotated[str, StringConstraints(pattern=rf"^{_NETWORK}/virtualNetworks/[^/]+/subnets/[^/]+$")]
_Zone = Annotated[str, StringConstraints(pattern=rf"^{_NETWORK}/privateDnsZones/[^/]+$")]


class AzureAdoptedNetwork(SpecModel):
    """An existing virtual network. Its owner keeps control of egress, security groups and flow logs."""

    by_meaning: ClassVar[frozenset[str]] = frozenset({"node_subnet_ids"})

    vnet_id: str = Field(pattern=rf"^{_NETWORK}/virtualNetworks/[^/]+$")
    """Resource id of the virtual network, in the target's location."""

    node_subnet_ids: tuple[_Subnet, ...] = Field(min_length=1, max_length=3)
    """Subnets for cluster nodes: one for all zones, or one for each zone in the target's order."""

    endpoint_subnet_id: _Subnet
    """Subnet for private endpoints."""

    api_subnet_id: _Subnet
    """Subnet for the cluster's API server, /28 or larger and delegated to
    `Microsoft.ContainerService/managedClusters`."""

    apps_subnet_id: _Subnet | None = None
    """Subnet for endpoints that scale to zero, /27 or larger and delegated to `Microsoft.App/environments`.

    Omitted: such endpoints are refused.
    """

    dns_zone_ids: dict[str, _Zone] = Field(default_factory=dict)
    """Existing private DNS zones by name (`privatelink.vaultcore.azure.net`), linked to the network already.

    Omitted zones are created and linked.
    """

    egress: Literal["nat", "firewall"] = "nat"
    """Egress of nodes: a NAT gateway on their subnets, or a route table to a firewall."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield {
            **by_position("node_subnet_ids", self.node_subnet_ids),
            "endpoint_subnet_id": self.endpoint_subnet_id,
            "api_subnet_id": self.api_subnet_id,
            "apps_subnet_id": self.apps_subnet_id,
        }
        yield by_key("dns_zone_ids", self.dns_zone_ids)


class AzureHub(SpecModel):
    """The organisation's hub network. Needs `access.entry` to be `peering`."""

    vnet_id: str = Field(pattern=rf"^{_NETWORK}/virtualNetworks/[^/]+$")
    """Resource id of the hub's network; its owner makes the other half of the peering."""

    gateway: bool = False
    """Use the hub's VPN or ExpressRoute gateway. Azure refuses that until the hub's half exists and allows it: set it
    in a second `up`."""

    link_dns: bool = False
    """Link the platform's private DNS zones to the hub, for a hub that has no zones of these names itself."""
