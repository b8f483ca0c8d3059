"""Egress: internet gateway, NAT gateways, and a route table per zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import ec2

from mlplatform.backends.aws.naming import LONG
from mlplatform.backends.aws.network.address_plan import ZoneRanges
from mlplatform.backends.aws.network.security_groups import ANYWHERE
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.network import Nat


@dataclass(frozen=True, slots=True)
class Egress:
    """Route tables of the private subnets, and their routes to the internet."""

    tables: Mapping[str, ec2.RouteTable]
    """Route table by zone."""

    ready: tuple[pulumi.Resource, ...]
    """The routes to the internet: resources that need it come after these."""


def make_egress(scope: Scope, vpc: ec2.Vpc, ranges: Sequence[ZoneRanges], nat: Nat) -> Egress:
    """Create the route tables, and gateways as `nat` says: one per zone, one for all, or none."""
    tables = {
        zone.zone: ec2.RouteTable(
            scope.child(f"private-{zone.zone}-table"),
            vpc_id=vpc.id,
            tags={**scope.tags, "Name": physical_name(scope.spec, f"private-{zone.zone}", LONG)},
            opts=scope.opts(),
        )
        for zone in ranges
    }
    if nat == "none":
        return Egress(tables, ())
    gateway = ec2.InternetGateway(
        scope.child("internet"),
        vpc_id=vpc.id,
        tags={**scope.tags, "Name": physical_name(scope.spec, "internet", LONG)},
        opts=scope.opts(),
    )
    public = ec2.RouteTable(
        scope.child("public-table"),
        vpc_id=vpc.id,
        tags={**scope.tags, "Name": physical_name(scope.spec, "public", LONG)},
        opts=scope.opts(),
    )
    public_route = ec2.Route(
        scope.child("public-route"),
        route_table_id=public.id,
        destination_cidr_block=ANYWHERE,
        gateway_id=gateway.id,
        opts=scope.opts(delete_before_replace=True),
    )
    zones_with_gateway = ranges if nat == "per-zone" else ranges[:1]
    gateways = {zone.zone: _nat(scope, vpc, zone, public, public_route) for zone in zones_with_gateway}
    routes = tuple(
        ec2.Route(
            scope.child(f"private-{zone}-route"),
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=(gateways.get(zone) or gateways[ranges[0].zone]).id,
            opts=scope.opts(delete_before_replace=True),
        )
        for zone, table in tables.items()
    )
    return Egress(tables, routes)


def _nat(
    scope: Scope, vpc: ec2.Vpc, zone: ZoneRanges, table: ec2.RouteTable, public_route: ec2.Route
) -> ec2.NatGateway:
    subnet = ec2.Subnet(
        scope.child(f"public-{zone.zone}"),
        vpc_id=vpc.id,
        cidr_block=zone.public,
        availability_zone=zone.zone,
        map_public_ip_on_launch=False,
        tags={
            **scope.tags,
            "Name": physical_name(scope.spec, f"public-{zone.zone}", LONG),
            "kubernetes.io/role/elb": "1",
        },
        opts=scope.opts(delete_before_replace=True),
    )
    association = ec2.RouteTableAssociation(
        scope.child(f"public-{zone.zone}-routes"),
        subnet_id=subnet.id,
        route_table_id=table.id,
        opts=scope.opts(delete_before_replace=True),
    )
    name = physical_name(scope.spec, f"nat-{zone.zone}", LONG)
    address = ec2.Eip(
        scope.child(f"nat-{zone.zone}-address"),
        domain="vpc",
        tags={**scope.tags, "Name": name},
        opts=scope.opts(depends_on=[public_route]),
    )
    return ec2.NatGateway(
        scope.child(f"nat-{zone.zone}"),
        allocation_id=address.id,
        subnet_id=subnet.id,
        tags={**scope.tags, "Name": name},
        opts=scope.opts(depends_on=[public_route, association]),
    )
