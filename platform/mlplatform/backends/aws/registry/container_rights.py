"""Rights that the containers of SageMaker need wherever they run: of jobs and of endpoints."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.network.interface_rights import interface_statements
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.scope import Scope

_WRITE = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")


def container_statements(scope: Scope, log_groups: Sequence[str]) -> tuple[IamStatement, ...]:
    """The interfaces in the network, the logs and the metrics,
    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html

    Args:
        scope: the grantor.
        log_groups: names of the groups that they write to.
    """
    target = scope.target(AwsTarget)
    return (
        *interface_statements(scope),
        IamStatement(
            sid="Logs",
            actions=_WRITE,
            resources=[target.arn("logs", f"log-group:{name}{end}") for name in log_groups for end in ("", ":*")],
        ),
        IamStatement(
            sid="Metrics",
            # the action takes no resource, but a namespace
            actions=("cloudwatch:PutMetricData",),
            resources="*",
            conditions={"StringLike": {"cloudwatch:namespace": ["AWS/SageMaker*", "/aws/sagemaker/*"]}},
        ),
    )
