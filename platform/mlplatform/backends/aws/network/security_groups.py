"""Security groups with one resource per rule, so that groups that name each other can be deleted in any order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_aws import ec2, vpc

from mlplatform.backends.aws.naming import LONG
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope

_HTTPS = 443
_GATEWAYS = {"dynamodb": "DynamoDB", "s3": "S3"}
_Direction = type[vpc.SecurityGroupIngressRule] | type[vpc.SecurityGroupEgressRule]


def _group(scope: Scope, role: str, vpc_id: pulumi.Output[str], description: str) -> ec2.SecurityGroup:
    """A group that allows no traffic; rules are separate resources."""
    name = physical_name(scope.spec, role, LONG)
    return ec2.SecurityGroup(
        scope.child(role),
        name=name,
        description=description,
        vpc_id=vpc_id,
        tags={**scope.tags, "Name": name},
        opts=scope.opts(delete_before_replace=True),
    )


def make_endpoint_group(scope: Scope, vpc_id: pulumi.Output[str], cidrs: Sequence[str]) -> pulumi.Output[str]:
    """Create the group of interface endpoints: HTTPS from the network."""
    group = _group(scope, "endpoints", vpc_id, "Private endpoints of AWS services")
    for cidr in cidrs:
        _https(vpc.SecurityGroupIngressRule, scope, f"endpoints-from-{_slug(cidr)}", group, f"from {cidr}", cidr=cidr)
    return group.id


def make_workload_group(
    scope: Scope, vpc_id: pulumi.Output[str], cidrs: Sequence[str], lists: Mapping[str, pulumi.Output[str]]
) -> pulumi.Output[str]:
    """Create the group of workloads: HTTPS to the given ranges and, through gateways, to their services."""
    group = _group(scope, "workloads", vpc_id, "Workloads of the platform outside the cluster")
    for cidr in cidrs:
        _https(vpc.SecurityGroupEgressRule, scope, f"workloads-to-{_slug(cidr)}", group, f"to {cidr}", cidr=cidr)
    for service, addresses in lists.items():
        title = _GATEWAYS[service]
        role = f"workloads-to-{service}"
        _https(vpc.SecurityGroupEgressRule, scope, role, group, f"to {title}", prefix_list=addresses)
    return group.id


def make_fabric_group(
    scope: Scope, role: str, vpc_id: pulumi.Output[str]
) -> tuple[pulumi.Output[str], tuple[pulumi.Resource, ...]]:
    """Create the group of one fabric's nodes: all traffic between members in both directions, as EFA requires."""
    group = _group(scope, role, vpc_id, "Nodes of one EFA fabric")
    ingress = _members(vpc.SecurityGroupIngressRule, scope, f"{role}-in", group, "EFA from its own members")
    egress = _members(vpc.SecurityGroupEgressRule, scope, f"{role}-out", group, "EFA to its own members")
    return group.id, (ingress, egress)


def make_airflow_group(
    scope: Scope, vpc_id: pulumi.Output[str], nodes: pulumi.Output[str]
) -> tuple[pulumi.Output[str], tuple[pulumi.Resource, ...]]:
    """Create the group of Airflow's workers and pages: all traffic between members, HTTPS to anywhere, and the pages
    from the cluster's nodes, https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-security.html"""
    group = _group(scope, "airflow", vpc_id, "Workers of Amazon MWAA")
    ingress = _members(vpc.SecurityGroupIngressRule, scope, "airflow-in", group, "Airflow from its own members")
    egress = _members(vpc.SecurityGroupEgressRule, scope, "airflow-out", group, "Airflow to its own members")
    _https(vpc.SecurityGroupEgressRule, scope, "airflow-https", group, "to the services it calls", cidr="0.0.0.0/0")
    vpc.SecurityGroupIngressRule(
        scope.child("airflow-from-nodes"),
        security_group_id=group.id,
        description="Airflow's interface from the cluster",
        referenced_security_group_id=nodes,
        ip_protocol="tcp",
        from_port=_HTTPS,
        to_port=_HTTPS,
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    return group.id, (ingress, egress)


def _https(
    direction: _Direction,
    scope: Scope,
    role: str,
    group: ec2.SecurityGroup,
    peer: str,
    *,
    cidr: str | None = None,
    prefix_list: pulumi.Output[str] | None = None,
) -> None:
    direction(
        scope.child(role),
        security_group_id=group.id,
        description=f"HTTPS {peer}",
        cidr_ipv4=cidr,
        prefix_list_id=prefix_list,
        ip_protocol="tcp",
        from_port=_HTTPS,
        to_port=_HTTPS,
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )


def _members(
    direction: _Direction, scope: Scope, role: str, group: ec2.SecurityGroup, description: str
) -> pulumi.Resource:
    return direction(
        scope.child(role),
        security_group_id=group.id,
        description=description,
        referenced_security_group_id=group.id,
        ip_protocol="-1",
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )


def _slug(cidr: str) -> str:
    return "anywhere" if cidr == "0.0.0.0/0" else cidr.replace("/", "-").replace(".", "-")
