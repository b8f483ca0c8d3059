"""Security groups with one resource per rule, so that groups that name each other can be deleted in any order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_aws import ec2, vpc

from mlplatform.backends.aws.naming import LONG
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope

HTTPS = (443, 443)
"""First and last port."""

ANYWHERE = "0.0.0.0/0"

_GATEWAYS = {"dynamodb": "DynamoDB", "s3": "S3"}
Direction = type[vpc.SecurityGroupIngressRule] | type[vpc.SecurityGroupEgressRule]
"""Into a group, or out of it."""


def make_group(
    scope: Scope, role: str, vpc_id: pulumi.Input[str], description: str, *, child: str = ""
) -> ec2.SecurityGroup:
    """A group that allows no traffic; rules are separate resources.

    Args:
        scope: the owner.
        role: last part of its physical name.
        vpc_id: the network.
        description: what it is for; a change replaces it.
        child: last part of its logical name. Omitted: the role.
    """
    name = physical_name(scope.spec, role, LONG)
    return ec2.SecurityGroup(
        scope.child(child or role),
        name=name,
        description=description,
        vpc_id=vpc_id,
        tags={**scope.tags, "Name": name},
        opts=scope.opts(delete_before_replace=True),
    )


def allow_group(
    direction: Direction,
    scope: Scope,
    role: str,
    group_id: pulumi.Input[str],
    description: str,
    other_id: pulumi.Input[str],
    ports: tuple[int, int] | None = None,
) -> pulumi.Resource:
    """A rule for what has another group, or the same one.

    Args:
        direction: into the group, or out of it.
        scope: the owner.
        role: last part of its logical name.
        group_id: the group that gets the rule.
        description: what it is for.
        other_id: the group of the other side.
        ports: first and last port of TCP. Omitted: all traffic.
    """
    return _allow(direction, scope, role, group_id, description, ports, other_id=other_id)


def allow_https(
    direction: Direction,
    scope: Scope,
    role: str,
    group_id: pulumi.Input[str],
    description: str,
    *,
    cidr: str | None = None,
    prefix_list: pulumi.Output[str] | None = None,
) -> pulumi.Resource:
    """A rule for HTTPS from or to a range, or the addresses of one of Amazon's lists."""
    return _allow(direction, scope, role, group_id, description, HTTPS, cidr=cidr, prefix_list=prefix_list)


def _allow(
    direction: Direction,
    scope: Scope,
    role: str,
    group_id: pulumi.Input[str],
    description: str,
    ports: tuple[int, int] | None,
    *,
    other_id: pulumi.Input[str] | None = None,
    cidr: str | None = None,
    prefix_list: pulumi.Output[str] | None = None,
) -> pulumi.Resource:
    first, last = ports or (None, None)
    return direction(
        scope.child(role),
        security_group_id=group_id,
        description=description,
        referenced_security_group_id=other_id,
        cidr_ipv4=cidr,
        prefix_list_id=prefix_list,
        ip_protocol="tcp" if ports else "-1",
        from_port=first,
        to_port=last,
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )


def allow_https_out(scope: Scope, role: str, group: ec2.SecurityGroup, cidrs: Sequence[str]) -> None:
    """Let what has a group open connections of HTTPS to ranges.

    Args:
        scope: the owner.
        role: begins the logical names of the rules.
        group: the group.
        cidrs: the ranges.
    """
    for cidr in cidrs:
        allow_https(
            vpc.SecurityGroupEgressRule, scope, f"{role}-to-{_slug(cidr)}", group.id, f"HTTPS to {cidr}", cidr=cidr
        )


def make_endpoint_group(scope: Scope, vpc_id: pulumi.Output[str], cidrs: Sequence[str]) -> pulumi.Output[str]:
    """Create the group of interface endpoints: HTTPS from the network."""
    group = make_group(scope, "endpoints", vpc_id, "Private endpoints of AWS services")
    for cidr in cidrs:
        role = f"endpoints-from-{_slug(cidr)}"
        allow_https(vpc.SecurityGroupIngressRule, scope, role, group.id, f"HTTPS from {cidr}", cidr=cidr)
    return group.id


def make_workload_group(
    scope: Scope, vpc_id: pulumi.Output[str], cidrs: Sequence[str], lists: Mapping[str, pulumi.Output[str]]
) -> pulumi.Output[str]:
    """Create the group of workloads: HTTPS to the given ranges and, through gateways, to their services."""
    group = make_group(scope, "workloads", vpc_id, "Workloads of the platform outside the cluster")
    allow_https_out(scope, "workloads", group, cidrs)
    for service, addresses in lists.items():
        role, title = f"workloads-to-{service}", f"HTTPS to {_GATEWAYS[service]}"
        allow_https(vpc.SecurityGroupEgressRule, scope, role, group.id, title, prefix_list=addresses)
    return group.id


def make_fabric_group(
    scope: Scope, role: str, vpc_id: pulumi.Output[str]
) -> tuple[pulumi.Output[str], tuple[pulumi.Resource, ...]]:
    """Create the group of one fabric's nodes: all traffic between members in both directions, as EFA requires."""
    group = make_group(scope, role, vpc_id, "Nodes of one EFA fabric")
    return group.id, _among_members(scope, role, group, "EFA")


def make_airflow_group(
    scope: Scope, vpc_id: pulumi.Output[str], nodes: pulumi.Output[str]
) -> tuple[pulumi.Output[str], tuple[pulumi.Resource, ...]]:
    """Create the group of Airflow's workers and pages: all traffic between members, HTTPS to anywhere, and the pages
    from the cluster's nodes, https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-security.html"""
    group = make_group(scope, "airflow", vpc_id, "Workers of Amazon MWAA")
    own = _among_members(scope, "airflow", group, "Airflow")
    called = "HTTPS to the services it calls"
    allow_https(vpc.SecurityGroupEgressRule, scope, "airflow-https", group.id, called, cidr=ANYWHERE)
    pages = "Airflow's interface from the cluster"
    allow_group(vpc.SecurityGroupIngressRule, scope, "airflow-from-nodes", group.id, pages, nodes, HTTPS)
    return group.id, own


def _among_members(
    scope: Scope, role: str, group: ec2.SecurityGroup, title: str
) -> tuple[pulumi.Resource, pulumi.Resource]:
    """All traffic between members, in both directions."""
    into, out = f"{title} from its own members", f"{title} to its own members"
    return (
        allow_group(vpc.SecurityGroupIngressRule, scope, f"{role}-in", group.id, into, group.id),
        allow_group(vpc.SecurityGroupEgressRule, scope, f"{role}-out", group.id, out, group.id),
    )


def _slug(cidr: str) -> str:
    return "anywhere" if cidr == ANYWHERE else cidr.replace("/", "-").replace(".", "-")
