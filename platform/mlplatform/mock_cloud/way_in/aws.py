"""A call to EKS: an IAM role with an access entry, by the public address, inside the VPC, or through a session.

https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-troubleshooting.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import cast

from mlplatform.mock_cloud.logins import Granted
from mlplatform.mock_cloud.way_in.base import Caller, NoWayIn, at, contains, items, of_type, option, statements

_TIMEOUT = "kubectl: Unable to connect to the server: dial tcp: i/o timeout"
_AGENT = ("ssmmessages:CreateControlChannel", "ssmmessages:OpenControlChannel", "ssm:UpdateInstanceInformation")


def call(resources: Sequence[Granted], commands: Sequence[str], caller: Caller) -> str:
    """Type the commands; returns the access policy's name."""
    caller = replace(caller, person=_taken_role(resources, caller.person))
    *before, credentials = commands
    tunnel = [command for command in before if command.startswith("aws ssm start-session")]
    _must_allow(resources, caller, "eks:DescribeCluster", "aws eks update-kubeconfig")
    cluster = next(of_type(resources, "aws:eks/cluster:Cluster"))
    if "localhost" in credentials:
        if not tunnel:
            raise NoWayIn("kubectl: connection to the server localhost was refused", "no tunnel is open")
        _open_session(resources, tunnel[0], caller)
        if "--tls-server-name" not in credentials:
            raise NoWayIn(
                "kubectl: x509: certificate is not valid for localhost", "the API's own name is not asked for"
            )
    elif not caller.inside:
        ranges = items(at(cluster, "vpcConfig", "publicAccessCidrs"))
        if at(cluster, "vpcConfig", "endpointPublicAccess") is not True or not contains(ranges, caller.address):
            raise NoWayIn(_TIMEOUT, "the API has no public address for this caller")
    elif not _lets_in(resources, caller):
        raise NoWayIn(_TIMEOUT, "no rule of the cluster's security group lets the caller's address in")
    return _right(resources, caller)


def _taken_role(resources: Sequence[Granted], person: str) -> str:
    """The platform's role that the person may take, as a known ARN or name; refused where no role trusts the person."""
    for role in of_type(resources, "aws:iam/role:Role"):
        for statement in statements(role.get("assumeRolePolicy")):
            trusted = at(statement, "Principal", "AWS") or at(statement, "Principal", "Federated")
            if person in (items(trusted) or [trusted]):
                return str(role.get("name"))
    raise NoWayIn("aws: AccessDenied when calling the AssumeRole operation", f"no role trusts {person}")


def _right(resources: Sequence[Granted], caller: Caller) -> str:
    for access in of_type(resources, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"):
        if str(access.get("principalArn")).rpartition("/")[2] == caller.person:
            return str(access.get("policyArn")).rpartition("/")[2]
    raise NoWayIn(
        "kubectl: error: You must be logged in to the server (Unauthorized)", "no access entry names the role"
    )


def _lets_in(resources: Sequence[Granted], caller: Caller) -> bool:
    rules = of_type(resources, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    ranges = [rule["cidrIpv4"] for rule in rules if rule.get("cidrIpv4") and "API" in str(rule.get("description"))]
    return contains(ranges, caller.address)


def _open_session(resources: Sequence[Granted], command: str, caller: Caller) -> None:
    """Start a session on the machine, which must have reported to Systems Manager and must reach the API."""
    name = re.search(r"--auto-scaling-group-names (\S+)", command)
    groups = [
        group
        for group in of_type(resources, "aws:autoscaling/group:Group")
        if name and group.get("name") == name[1] and group.get("desiredCapacity") == 1
    ]
    if not groups:
        raise NoWayIn("aws: Parameter validation failed: Invalid length for parameter Target", "there is no machine")
    template = _template(resources, groups[0])
    _must_report(resources, template)
    tags = _tags(template)
    document = option(command, "document-name")
    _must_allow(resources, caller, "ssm:StartSession", "aws ssm start-session", tags=tags, resource="instance/")
    _must_allow(resources, caller, "ssm:StartSession", "aws ssm start-session", resource=f"document/{document}")
    own = set(map(str, items(template.get("vpcSecurityGroupIds"))))
    rules = of_type(resources, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    if not any(str(rule.get("referencedSecurityGroupId")) in own and rule.get("fromPort") == 443 for rule in rules):
        raise NoWayIn(_TIMEOUT, "the cluster's security group does not let the machine in")


def _template(resources: Sequence[Granted], group: Mapping[str, object]) -> Mapping[str, object]:
    del group  # a platform makes one template with an instance profile
    return next(
        template
        for template in of_type(resources, "aws:ec2/launchTemplate:LaunchTemplate")
        if at(template, "iamInstanceProfile", "arn")
    )


def _tags(template: Mapping[str, object]) -> Mapping[str, object]:
    for one in items(template.get("tagSpecifications")):
        if at(one, "resourceType") == "instance":
            return cast("Mapping[str, object]", at(one, "tags") or {})
    return {}


def _must_report(resources: Sequence[Granted], template: Mapping[str, object]) -> None:
    """The agent needs its rights, and a way to Systems Manager."""
    profile = str(at(template, "iamInstanceProfile", "arn")).rpartition("/")[2]
    allowed = {
        str(action)
        for policy in of_type(resources, "aws:iam/rolePolicy:RolePolicy")
        if policy.get("role") == profile
        for statement in statements(policy.get("policy"))
        for action in (items(statement.get("Action")) or [statement.get("Action")])
    }
    missing = [action for action in _AGENT if action not in allowed]
    services = {
        str(one.get("serviceName")).rpartition(".")[2] for one in of_type(resources, "aws:ec2/vpcEndpoint:VpcEndpoint")
    }
    routes = [
        route
        for route in of_type(resources, "aws:ec2/route:Route")
        if route.get("natGatewayId") and route.get("destinationCidrBlock") == "0.0.0.0/0"
    ]
    made = any(True for _ in of_type(resources, "aws:ec2/vpc:Vpc"))
    if made and not routes and not {"ssm", "ssmmessages"} <= services:
        missing.append("a way to ssm and ssmmessages")
    if missing:
        raise NoWayIn("aws: TargetNotConnected: the instance is not connected", f"its agent lacks {', '.join(missing)}")


def _must_allow(
    resources: Sequence[Granted],
    caller: Caller,
    action: str,
    tool: str,
    *,
    tags: Mapping[str, object] | None = None,
    resource: str = "",
) -> None:
    """The caller's role must have the action, with conditions on the machine's tags fulfilled."""
    for policy in of_type(resources, "aws:iam/rolePolicy:RolePolicy"):
        if policy.get("role") != caller.person:
            continue
        for statement in statements(policy.get("policy")):
            actions = items(statement.get("Action")) or [statement.get("Action")]
            where = items(statement.get("Resource")) or [statement.get("Resource")]
            if not any(fnmatchcase(action, str(allowed)) for allowed in actions):
                continue
            if resource and not any(resource in str(one) for one in where):
                continue
            wanted = cast("Mapping[str, object]", at(statement, "Condition", "StringEquals") or {})
            if all((tags or {}).get(key.partition("/")[2]) == value for key, value in wanted.items()):
                return
    raise NoWayIn(f"{tool}: AccessDeniedException: {caller.person} is not authorized to perform {action}", "no right")
