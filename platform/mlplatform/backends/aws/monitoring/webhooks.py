"""Alerts as plain HTTPS posts: everything that is published to a topic, as mail is.

SNS posts only to receivers that answer its confirmation request, which a plain webhook does not do, and Prometheus
publishes to SNS alone. So a queue per webhook subscribes to the topics, and a pipe posts from it. What cannot be posted
for hours is kept in a last queue, which has an alarm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_aws import cloudwatch, iam, pipes, sns, sqs

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document, service_trust, to_json
from mlplatform.backends.aws.naming import MOST_ARNS, QUEUE, ROLE, RULE
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import SEVERITIES, Severity, WebhookRoute

_RETENTION_SECONDS = 14 * 24 * 3600
_RETRY_SECONDS = 120
_RETRIES = 200
"""Between six and seven hours, after which an alert is not news any more."""


def make_webhooks(
    scope: Scope, routes: Sequence[WebhookRoute], topics: Mapping[Severity, sns.Topic], key: pulumi.Output[str]
) -> sqs.Queue | None:
    """Post everything that is published to the topics of each webhook's severities.

    Returns:
        The queue of what could not be posted; None without webhooks.
    """
    if not routes:
        return None
    destinations = {route.name: _destination(scope, route) for route in routes}
    undelivered = _undelivered_queue(scope, key)
    queues = {route.name: _queue(scope, route, topics, undelivered, key) for route in routes}
    role = iam.Role(
        scope.child("webhooks-role"),
        name=physical_name(scope.spec, "webhooks", ROLE),
        assume_role_policy=service_trust(
            "pipes.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": scope.target(AwsTarget).account_id}},
        ),
        tags=scope.tags,
        opts=scope.opts(),
    )
    rights = iam.RolePolicy(
        scope.child("webhooks-rights"),
        name="post",
        role=role.name,
        policy=policy_document(
            IamStatement(
                sid="Post",
                actions=("events:InvokeApiDestination",),
                resources=_few(scope, [each.arn for each in destinations.values()], "events", "api-destination/"),
            ),
            IamStatement(
                sid="Take",
                actions=("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
                resources=_few(scope, [each.arn for each in queues.values()], "sqs", ""),
            ),
            IamStatement(sid="Read", actions=("kms:Decrypt",), resources=key),
        ),
        opts=scope.opts(delete_before_replace=True),
    )
    for name, queue in queues.items():
        pipes.Pipe(
            scope.child(f"webhook-{name}-pipe"),
            name=physical_name(scope.spec, f"webhook-{name}", RULE),
            description=f"Alerts for webhook {name}",
            role_arn=role.arn,
            source=queue.arn,
            source_parameters=pipes.PipeSourceParametersArgs(
                sqs_queue_parameters=pipes.PipeSourceParametersSqsQueueParametersArgs(batch_size=1)
            ),
            target=destinations[name].arn,
            # alarms and events are JSON, alerts of Prometheus and budgets plain text: a pipe quotes what is not JSON
            target_parameters=pipes.PipeTargetParametersArgs(input_template='{"alert": <$.body>}'),
            tags=scope.tags,
            opts=scope.opts(depends_on=[rights], delete_before_replace=True),
        )
    return undelivered


def _few(scope: Scope, arns: Sequence[pulumi.Output[str]], service: str, kind: str) -> Sequence[pulumi.Input[str]]:
    """What is made for each webhook, or if they are many, the pattern of its names."""
    pattern = scope.target(AwsTarget).arn(service, f"{kind}{platform_name(scope.spec)}-webhook-*")
    return [pattern] if len(arns) > MOST_ARNS else arns


def _destination(scope: Scope, route: WebhookRoute) -> cloudwatch.EventApiDestination:
    name = physical_name(scope.spec, f"webhook-{route.name}", RULE)
    connection = cloudwatch.EventConnection(
        scope.child(f"webhook-{route.name}-connection"),
        name=name,
        description="The receiver's secret is its address; this header only says who posts",
        authorization_type="API_KEY",
        auth_parameters=cloudwatch.EventConnectionAuthParametersArgs(
            api_key=cloudwatch.EventConnectionAuthParametersApiKeyArgs(
                key="X-Alert-Source", value=platform_name(scope.spec)
            )
        ),
        opts=scope.opts(delete_before_replace=True),
    )
    return cloudwatch.EventApiDestination(
        scope.child(f"webhook-{route.name}"),
        name=name,
        description="Alerts of the platform",
        connection_arn=connection.arn,
        invocation_endpoint=scope.secret(route.url_secret),
        http_method="POST",
        invocation_rate_limit_per_second=10,
        opts=scope.opts(delete_before_replace=True),
    )


def _queue(
    scope: Scope,
    route: WebhookRoute,
    topics: Mapping[Severity, sns.Topic],
    undelivered: sqs.Queue,
    key: pulumi.Output[str],
) -> sqs.Queue:
    """A queue that gets what is published to the topics of the route's severities, and nothing else."""
    receiving = {severity: topics[severity] for severity in SEVERITIES if severity in route.severities}
    queue = sqs.Queue(
        scope.child(f"webhook-{route.name}-queue"),
        name=physical_name(scope.spec, f"webhook-{route.name}", QUEUE),
        kms_master_key_id=key,
        visibility_timeout_seconds=_RETRY_SECONDS,
        redrive_policy=to_json({"deadLetterTargetArn": undelivered.arn, "maxReceiveCount": _RETRIES}),
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    policy = sqs.QueuePolicy(
        scope.child(f"webhook-{route.name}-queue-policy"),
        queue_url=queue.url,
        policy=policy_document(
            IamStatement(
                sid="Topics",
                actions=("sqs:SendMessage",),
                resources=queue.arn,
                principals={"Service": "sns.amazonaws.com"},
                conditions={"ArnEquals": {"aws:SourceArn": [topic.arn for topic in receiving.values()]}},
            ),
            _only_tls(queue),
        ),
        opts=scope.opts(),
    )
    for severity, topic in receiving.items():
        sns.TopicSubscription(
            scope.child(f"webhook-{route.name}-{severity}"),
            topic=topic.arn,
            protocol="sqs",
            endpoint=queue.arn,
            raw_message_delivery=True,
            opts=scope.opts(depends_on=[policy]),
        )
    return queue


def _undelivered_queue(scope: Scope, key: pulumi.Output[str]) -> sqs.Queue:
    queue = sqs.Queue(
        scope.child("undelivered"),
        name=physical_name(scope.spec, "alerts-undelivered", QUEUE),
        kms_master_key_id=key,
        message_retention_seconds=_RETENTION_SECONDS,
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    sqs.QueuePolicy(
        scope.child("undelivered-policy"),
        queue_url=queue.url,
        policy=policy_document(_only_tls(queue)),
        opts=scope.opts(),
    )
    return queue


def _only_tls(queue: sqs.Queue) -> IamStatement:
    return IamStatement(
        sid="OnlyTls",
        effect="Deny",
        actions=("sqs:*",),
        resources=queue.arn,
        principals={"AWS": "*"},
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )
