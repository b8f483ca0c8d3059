"""Rights of a SageMaker role to make the interfaces of its containers in the platform's network."""

from __future__ import annotations

import pulumi

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.scope import Scope

_LOOK = (
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
_INTERFACE = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
)


def interface_statements(scope: Scope) -> tuple[IamStatement, IamStatement]:
    """The rights, limited to the platform's subnets and the workloads' security group.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
    """
    target = scope.target(AwsTarget)
    network = native(scope.context.network.parts, AwsNetwork)
    group = network.workload_security_group_id
    attachments = [(subnet, "subnet") for subnet in network.node_subnet_ids] + [(group, "security-group")]
    return (
        # describing takes no resource
        IamStatement(sid="Look", actions=_LOOK, resources="*"),
        IamStatement(
            sid="Interfaces",
            actions=_INTERFACE,
            resources=[
                target.arn("ec2", "network-interface/*"),
                *(pulumi.Output.concat(target.arn("ec2", f"{kind}/"), id) for id, kind in attachments),
            ],
        ),
    )
