"""Security groups with one resource per rule: groups that name each other can then be deleted in any order."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_aws import ec2, vpc

from mlplatform.backends.aws.naming import LONG, physical
from mlplatform.components.context import Scope

_HTTPS = 443
_Direction = type[vpc.SecurityGroupIngressRule] | type[vpc.SecurityGroupEgressRule]


def group(scope: Scope, role: str, vpc_id: pulumi.Output[str], description: str) -> ec2.SecurityGroup:
    """A group that lets nothing in or out; rules are added as resources of their own."""
    name = physical(scope.spec, role, LONG)
    return ec2.SecurityGroup(
        scope.child(role),
        name=name,
        description=description,
        vpc_id=vpc_id,
        tags={**scope.tags, "Name": name},
        opts=scope.opts(delete_before_replace=True),
    )


def endpoint_group(scope: Scope, vpc_id: pulumi.Output[str], cidrs: Sequence[str]) -> pulumi.Output[str]:
    """For interface endpoints: HTTPS from the network."""
    made = group(scope, "endpoints", vpc_id, "Private endpoints of AWS services")
    for cidr in cidrs:
        _https(vpc.SecurityGroupIngressRule, scope, f"endpoints-from-{_slug(cidr)}", made, f"from {cidr}", cidr=cidr)
    return made.id


def workload_group(
    scope: Scope, vpc_id: pulumi.Output[str], cidrs: Sequence[str], s3_prefix_list_id: pulumi.Output[str] | None
) -> pulumi.Output[str]:
    """For workloads: HTTPS to the given ranges and, through the gateway endpoint, to S3."""
    made = group(scope, "workloads", vpc_id, "Workloads of the platform outside the cluster")
    for cidr in cidrs:
        _https(vpc.SecurityGroupEgressRule, scope, f"workloads-to-{_slug(cidr)}", made, f"to {cidr}", cidr=cidr)
    if s3_prefix_list_id is not None:
        _https(vpc.SecurityGroupEgressRule, scope, "workloads-to-s3", made, "to S3", prefix_list=s3_prefix_list_id)
    return made.id


def fabric_group(
    scope: Scope, role: str, vpc_id: pulumi.Output[str]
) -> tuple[pulumi.Output[str], tuple[pulumi.Resource, ...]]:
    """For nodes of one fabric: everything between its members, in both directions, which EFA asks for by name."""
    made = group(scope, role, vpc_id, "Nodes of one EFA fabric")
    inward = _members(vpc.SecurityGroupIngressRule, scope, f"{role}-in", made, "EFA from its own members")
    outward = _members(vpc.SecurityGroupEgressRule, scope, f"{role}-out", made, "EFA to its own members")
    return made.id, (inward, outward)


def _https(
    direction: _Direction,
    scope: Scope,
    role: str,
    made: ec2.SecurityGroup,
    where: str,
    *,
    cidr: str | None = None,
    prefix_list: pulumi.Output[str] | None = None,
) -> None:
    direction(
        scope.child(role),
        security_group_id=made.id,
        description=f"HTTPS {where}",
        cidr_ipv4=cidr,
        prefix_list_id=prefix_list,
        ip_protocol="tcp",
        from_port=_HTTPS,
        to_port=_HTTPS,
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )


def _members(
    direction: _Direction, scope: Scope, role: str, made: ec2.SecurityGroup, description: str
) -> pulumi.Resource:
    return direction(
        scope.child(role),
        security_group_id=made.id,
        description=description,
        referenced_security_group_id=made.id,
        ip_protocol="-1",
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )


def _slug(cidr: str) -> str:
    return "anywhere" if cidr == "0.0.0.0/0" else cidr.replace("/", "-").replace(".", "-")
