"""What the workers of Amazon MWAA may do: what the service itself needs, and to find the training cluster.

https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html
"""

from __future__ import annotations

import pulumi

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.storage.bucket import AwsBucket
from mlplatform.backends.aws.target import AwsTarget


def worker_rights(
    target: AwsTarget, name: str, bucket: AwsBucket, key: pulumi.Output[str], cluster: pulumi.Output[str]
) -> tuple[IamStatement, ...]:
    """The rights.

    Args:
        target: the account and region.
        name: of the environment.
        bucket: with its files.
        key: of the bucket, the environment and its queue.
        cluster: name of the training cluster.
    """
    logs = target.arn("logs", f"log-group:airflow-{name}-*")
    # the queue is in an account of the service
    queues = target.arn("sqs", "airflow-celery-*").replace(f":{target.account_id}:", ":*:")
    users = [f"sqs.{target.region}.{target.dns_suffix}", f"s3.{target.region}.{target.dns_suffix}"]
    return (
        IamStatement(
            sid="Metrics",
            actions=("airflow:PublishMetrics",),
            resources=target.arn("airflow", f"environment/{name}"),
        ),
        IamStatement(sid="Files", actions=("s3:GetBucket*", "s3:List*"), resources=bucket.arn),
        IamStatement(sid="Read", actions=("s3:GetObject*",), resources=pulumi.Output.concat(bucket.arn, "/*")),
        IamStatement(
            sid="Logs",
            actions=(
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:GetLogEvents",
                "logs:GetLogGroupFields",
                "logs:GetLogRecord",
                "logs:GetQueryResults",
                "logs:PutLogEvents",
            ),
            resources=[logs, f"{logs}:*"],
        ),
        # these know no resources
        IamStatement(
            sid="Account",
            actions=("cloudwatch:PutMetricData", "logs:DescribeLogGroups"),
            resources="*",
        ),
        IamStatement(
            sid="AccountBlock",
            actions=("s3:GetAccountPublicAccessBlock",),
            resources="*",
            conditions={"StringEquals": {"aws:ResourceAccount": target.account_id}},
        ),
        IamStatement(
            sid="Queue",
            actions=(
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "sqs:ReceiveMessage",
                "sqs:SendMessage",
            ),
            resources=queues,
        ),
        IamStatement(
            sid="Key",
            actions=("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"),
            resources=key,
            conditions={"StringEquals": {"kms:ViaService": users}},
        ),
        IamStatement(
            sid="Cluster",
            actions=("eks:DescribeCluster",),
            resources=cluster.apply(lambda found: target.arn("eks", f"cluster/{found}")),
        ),
    )
