"""Flow logs of the VPC."""

from __future__ import annotations

import pulumi
from pulumi_aws import ec2, iam

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document, service_trust
from mlplatform.backends.aws.naming import LONG, ROLE
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope


def make_flow_logs(scope: Scope, vpc: ec2.Vpc, telemetry: AwsTelemetry) -> None:
    """Record every connection, refused ones included, for the platform's log retention."""
    target = scope.target(AwsTarget)
    logs = telemetry.log_group(scope, "flow-logs", f"/aws/vpc/{physical_name(scope.spec, 'flow-logs', LONG)}")
    role = iam.Role(
        scope.child("flow-logs-role"),
        name=physical_name(scope.spec, "flow-logs", ROLE),
        assume_role_policy=service_trust(
            "vpc-flow-logs.amazonaws.com",
            conditions={
                "StringEquals": {"aws:SourceAccount": target.account_id},
                "ArnLike": {"aws:SourceArn": target.arn("ec2", "vpc-flow-log/*")},
            },
        ),
        tags=scope.tags,
        opts=scope.opts(),
    )
    rights = iam.RolePolicy(
        scope.child("flow-logs-rights"),
        name="write",
        role=role.name,
        policy=policy_document(
            IamStatement(
                sid="Write",
                actions=("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
                resources=[logs.arn, pulumi.Output.concat(logs.arn, ":*")],
            ),
            # the service lists all groups to find its own
            IamStatement(
                sid="Find",
                actions=("logs:DescribeLogGroups",),
                resources=target.arn("logs", "log-group:*"),
            ),
        ),
        opts=scope.opts(delete_before_replace=True),
    )
    ec2.FlowLog(
        scope.child("flow-log"),
        vpc_id=vpc.id,
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=logs.arn,
        iam_role_arn=role.arn,
        max_aggregation_interval=600,
        tags={**scope.tags, "Name": physical_name(scope.spec, "flow-log", LONG)},
        opts=scope.opts(depends_on=[rights], delete_before_replace=True),
    )
