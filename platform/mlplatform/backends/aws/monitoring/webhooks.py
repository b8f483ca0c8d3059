"""Alerts as plain HTTPS posts.

SNS posts only to receivers that answer its confirmation request, which a plain webhook does not do;
EventBridge posts to any address and keeps undelivered alerts in a queue.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_aws import cloudwatch, iam, sqs

from mlplatform.backends.aws.naming import QUEUE, ROLE, RULE, alarm_prefix
from mlplatform.backends.aws.policy import IamStatement, policy_document, service_trust, to_json
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import SEVERITIES, WebhookRoute

_RETENTION_SECONDS = 14 * 24 * 3600


def make_webhooks(scope: Scope, routes: Sequence[WebhookRoute], key: pulumi.Output[str]) -> None:
    """Post every change of state of the platform's alarms."""
    if not routes:
        return
    destinations = {route.name: _destination(scope, route) for route in routes}
    role = iam.Role(
        scope.child("webhooks-role"),
        name=physical_name(scope.spec, "webhooks", ROLE),
        assume_role_policy=service_trust(
            "events.amazonaws.com",
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
                resources=[destination.arn for destination in destinations.values()],
            )
        ),
        opts=scope.opts(delete_before_replace=True),
    )
    rules = {route.name: _rule(scope, route) for route in routes}
    undelivered, policy = _undelivered_queue(scope, [rule.arn for rule in rules.values()], key)
    for name, rule in rules.items():
        cloudwatch.EventTarget(
            scope.child(f"webhook-{name}-target"),
            rule=rule.name,
            target_id="webhook",
            arn=destinations[name].arn,
            role_arn=role.arn,
            dead_letter_config=cloudwatch.EventTargetDeadLetterConfigArgs(arn=undelivered.arn),
            opts=scope.opts(depends_on=[rights, policy]),
        )


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


def _rule(scope: Scope, route: WebhookRoute) -> cloudwatch.EventRule:
    prefixes = [
        {"prefix": alarm_prefix(scope.spec, severity)} for severity in SEVERITIES if severity in route.severities
    ]
    return cloudwatch.EventRule(
        scope.child(f"webhook-{route.name}-rule"),
        name=physical_name(scope.spec, f"webhook-{route.name}", RULE),
        description=f"Alarms for webhook {route.name}",
        event_pattern=to_json(
            {
                "source": ["aws.cloudwatch"],
                "detail-type": ["CloudWatch Alarm State Change"],
                "detail": {"alarmName": prefixes, "state": {"value": ["ALARM", "OK"]}},
            }
        ),
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )


def _undelivered_queue(
    scope: Scope, rule_arns: list[pulumi.Output[str]], key: pulumi.Output[str]
) -> tuple[sqs.Queue, sqs.QueuePolicy]:
    queue = sqs.Queue(
        scope.child("undelivered"),
        name=physical_name(scope.spec, "alerts-undelivered", QUEUE),
        kms_master_key_id=key,
        message_retention_seconds=_RETENTION_SECONDS,
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    policy = sqs.QueuePolicy(
        scope.child("undelivered-policy"),
        queue_url=queue.url,
        policy=policy_document(
            IamStatement(
                sid="Rules",
                actions=("sqs:SendMessage",),
                resources=queue.arn,
                principals={"Service": "events.amazonaws.com"},
                conditions={"ArnEquals": {"aws:SourceArn": rule_arns}},
            ),
            IamStatement(
                sid="OnlyTls",
                effect="Deny",
                actions=("sqs:*",),
                resources=queue.arn,
                principals={"AWS": "*"},
                conditions={"Bool": {"aws:SecureTransport": "false"}},
            ),
        ),
        opts=scope.opts(),
    )
    return queue, policy
