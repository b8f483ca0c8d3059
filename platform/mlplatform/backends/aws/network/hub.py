"""The attachment to the organisation's transit gateway, and the routes to the networks behind it."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_aws import ec2, ec2transitgateway

from mlplatform.backends.aws.adopted_network import AwsHub
from mlplatform.backends.aws.naming import LONG
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope


def connect_hub(
    scope: Scope, hub: AwsHub, vpc: ec2.Vpc, subnets: Mapping[str, ec2.Subnet], tables: Mapping[str, ec2.RouteTable]
) -> None:
    """Attach the VPC in every zone, and route the hub's ranges there.

    The name of the cluster's API leads to its private address everywhere, so that the hub needs no private zone:
    https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
    """
    attachment = ec2transitgateway.VpcAttachment(
        scope.child("hub"),
        transit_gateway_id=hub.transit_gateway_id,
        vpc_id=vpc.id,
        subnet_ids=[subnet.id for subnet in subnets.values()],
        dns_support="enable",
        tags={**scope.tags, "Name": physical_name(scope.spec, "hub", LONG)},
        opts=scope.opts(),
    )
    for zone, table in tables.items():
        for cidr in hub.cidrs:
            ec2.Route(
                scope.child(f"private-{zone}-to-{str(cidr).replace('/', '-').replace('.', '-')}"),
                route_table_id=table.id,
                destination_cidr_block=str(cidr),
                transit_gateway_id=hub.transit_gateway_id,
                # EC2 refuses a route to a gateway that the VPC is not attached to
                opts=scope.opts(depends_on=[attachment], delete_before_replace=True),
            )
    scope.note(
        "targets[aws].hub",
        f"the owner of {hub.transit_gateway_id} accepts the attachment, unless it accepts by itself, and routes "
        f"{scope.spec.network.cidr} to it; until then the routes fail, and a second `up` makes them",
    )
