"""An existing VPC, and the organisation's transit gateway, that a target names. Imports no SDK."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import Field, StringConstraints

from mlplatform.spec.base import SpecModel
from mlplatform.spec.references import References, by_key, by_position


class AwsAdoptedNetwork(SpecModel):
    """An existing VPC. Its owner manages its gateways, endpoints and flow logs."""

    vpc_id: str = Field(pattern=r"^vpc-[0-9a-f]{8,17}$")
    """The VPC; DNS support and DNS host names must be on."""

    subnets: dict[str, Annotated[str, StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$")]] = Field(min_length=2)
    """Private subnet with egress, by zone; at least two, and one for each of the target's zones."""

    cidrs: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9.]+/[0-9]{1,2}$")], ...] = Field(min_length=1)
    """All IPv4 ranges of the VPC, for security group rules."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_key("subnets", self.subnets)
        yield by_position("cidrs", self.cidrs)


class AwsHub(SpecModel):
    """The organisation's transit gateway, which leads to people's networks. Needs `access.entry` to be `peering`."""

    transit_gateway_id: str = Field(pattern=r"^tgw-[0-9a-f]{8,17}$")
    """The transit gateway, of this account or shared with it, in the target's region."""

    cidrs: tuple[IPv4Network, ...] = Field(min_length=1)
    """Ranges behind it: the network routes them there, and lets them reach the cluster's API."""
