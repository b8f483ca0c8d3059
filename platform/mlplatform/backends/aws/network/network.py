"""The network: a VPC with private subnets per zone, or the target's existing one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pulumi
from pulumi_aws import ec2

from mlplatform.backends.aws.adopted_network import AwsAdoptedNetwork
from mlplatform.backends.aws.existing import AwsExistingNetwork
from mlplatform.backends.aws.naming import LONG
from mlplatform.backends.aws.network import existing_network
from mlplatform.backends.aws.network.address_plan import ZoneRanges, plan_addresses
from mlplatform.backends.aws.network.egress import Egress, make_egress
from mlplatform.backends.aws.network.endpoints_private import make_private_endpoints
from mlplatform.backends.aws.network.flow_logs import make_flow_logs
from mlplatform.backends.aws.network.hub import connect_hub
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.network.runner import make_runner
from mlplatform.backends.aws.network.security_groups import ANYWHERE, make_workload_group
from mlplatform.backends.aws.network.zones import zones_in_use
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.network import NetworkSpec


def build(scope: Scope, spec: NetworkSpec, keys: Keys, telemetry: Telemetry) -> AwsNetwork:
    """Create the network, or use the target's."""
    del keys  # flow logs are encrypted with the telemetry's key
    target = scope.target(AwsTarget)
    zones = zones_in_use(scope.spec, target, scope.context.backend.catalog)
    logs = native(telemetry.parts, AwsTelemetry)
    if target.network:
        return _with_runner(scope, _adopt(scope, target.network, zones), logs)
    if not target.zones:
        scope.note(
            "targets[aws].zones",
            f"uses {', '.join(zones)}; zone names differ from account to account: name other zones if EKS or an "
            "endpoint service is missing in one of these",
        )
    return _with_runner(scope, _create(scope, spec, zones, logs), logs)


def _with_runner(scope: Scope, net: AwsNetwork, telemetry: AwsTelemetry) -> AwsNetwork:
    ci, connection = scope.spec.access.ci, scope.target(AwsTarget).ci_connection_arn
    if ci is None or ci.runner != "network" or connection is None:
        return net
    group_id = make_runner(scope, ci, connection, net.network_id, net.node_subnet_ids, telemetry, net.ready)
    return replace(net, runner_security_group_id=group_id)


def _adopt(scope: Scope, network: AwsAdoptedNetwork, zones: tuple[str, ...]) -> AwsNetwork:
    scope.note(
        "targets[aws].network",
        f"{network.vpc_id} is used as it is: of the spec's network only service_cidr and zones apply; its owner "
        "manages NAT, endpoints and flow logs",
    )
    subnets = {zone: network.subnets[zone] for zone in zones}
    return existing_network.build(
        scope, AwsExistingNetwork(vpc_id=network.vpc_id, subnets=subnets, cidrs=network.cidrs)
    )


def _create(scope: Scope, spec: NetworkSpec, zones: tuple[str, ...], telemetry: AwsTelemetry) -> AwsNetwork:
    name = physical_name(scope.spec, "network", LONG)
    vpc = ec2.Vpc(
        scope.child("vpc"),
        cidr_block=str(spec.cidr),
        # without both, private endpoints and the cluster's private API do not resolve
        enable_dns_support=True,
        enable_dns_hostnames=True,
        tags={**scope.tags, "Name": name},
        opts=scope.opts(protect=scope.defaults.protected or None),
    )
    ec2.DefaultSecurityGroup(
        scope.child("default-group"),
        vpc_id=vpc.id,
        tags={**scope.tags, "Name": f"{name}-default-closed"},
        opts=scope.opts(),
    )
    ranges = plan_addresses(zones, spec.cidr, spec.pod_cidr)
    nat = spec.nat or scope.defaults.nat
    routes = make_egress(scope, vpc, ranges, nat)
    private = {zone.zone: _private_subnet(scope, vpc, zone) for zone in ranges}
    associations = [_associate(scope, f"private-{zone}", subnet, routes, zone) for zone, subnet in private.items()]
    cidrs: tuple[str, ...] = (str(spec.cidr),)
    if scope.spec.training:
        cidrs += (str(spec.pod_cidr),)
        associations += _pod_subnets(scope, vpc, ranges, str(spec.pod_cidr), routes)
    hub = scope.target(AwsTarget).hub
    if hub and scope.spec.entry == "peering":
        connect_hub(scope, hub, vpc, private, routes.tables)
    ready: list[pulumi.Resource] = [*associations, *routes.ready]
    lists: Mapping[str, pulumi.Output[str]] = {}
    if spec.private_endpoints:
        endpoints = make_private_endpoints(scope, vpc.id, cidrs, list(private.values()), list(routes.tables.values()))
        ready += endpoints.ready
        lists = endpoints.prefix_list_ids
    if spec.flow_logs:
        make_flow_logs(scope, vpc, telemetry)
    allowed = cidrs if lists else (ANYWHERE,)
    return AwsNetwork(
        network_id=vpc.id,
        node_subnet_ids=tuple(subnet.id for subnet in private.values()),
        zones=zones,
        mark="own",
        cidrs=cidrs,
        subnet_by_zone={zone: subnet.id for zone, subnet in private.items()},
        workload_security_group_id=make_workload_group(scope, vpc.id, allowed, lists),
        ready=tuple(ready),
    )


def _private_subnet(scope: Scope, vpc: ec2.Vpc, zone: ZoneRanges) -> ec2.Subnet:
    return ec2.Subnet(
        scope.child(f"private-{zone.zone}"),
        vpc_id=vpc.id,
        cidr_block=zone.private,
        availability_zone=zone.zone,
        map_public_ip_on_launch=False,
        tags={
            **scope.tags,
            "Name": physical_name(scope.spec, f"private-{zone.zone}", LONG),
            "kubernetes.io/role/internal-elb": "1",
        },
        opts=scope.opts(delete_before_replace=True),
    )


def _pod_subnets(
    scope: Scope, vpc: ec2.Vpc, ranges: Sequence[ZoneRanges], cidr: str, routes: Egress
) -> list[pulumi.Resource]:
    """The pods' subnets, which the network add-on finds by their tag; returns their route table associations."""
    pod_range = ec2.VpcIpv4CidrBlockAssociation(
        scope.child("pod-range"), vpc_id=vpc.id, cidr_block=cidr, opts=scope.opts(delete_before_replace=True)
    )
    associations: list[pulumi.Resource] = []
    for zone in ranges:
        subnet = ec2.Subnet(
            scope.child(f"pods-{zone.zone}"),
            vpc_id=vpc.id,
            cidr_block=zone.pods,
            availability_zone=zone.zone,
            map_public_ip_on_launch=False,
            tags={
                **scope.tags,
                "Name": physical_name(scope.spec, f"pods-{zone.zone}", LONG),
                "kubernetes.io/role/cni": "1",
            },
            opts=scope.opts(depends_on=[pod_range], delete_before_replace=True),
        )
        associations.append(_associate(scope, f"pods-{zone.zone}", subnet, routes, zone.zone))
    return associations


def _associate(scope: Scope, role: str, subnet: ec2.Subnet, routes: Egress, zone: str) -> pulumi.Resource:
    return ec2.RouteTableAssociation(
        scope.child(f"{role}-routes"),
        subnet_id=subnet.id,
        route_table_id=routes.tables[zone].id,
        opts=scope.opts(delete_before_replace=True),
    )
