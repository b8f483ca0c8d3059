"""Alert routes: one encrypted topic per severity, and its receivers."""

from __future__ import annotations

import re

import pulumi
from pulumi_aws import chatbot, iam, sns

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document, service_trust
from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.monitoring.parts import AwsRoutes
from mlplatform.backends.aws.monitoring.webhooks import make_webhooks
from mlplatform.backends.aws.naming import LONG, ROLE
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import (
    SEVERITIES,
    EmailRoute,
    MonitoringSpec,
    PagerDutyRoute,
    Severity,
    SlackRoute,
    WebhookRoute,
)

_SENDERS = ("cloudwatch.amazonaws.com", "budgets.amazonaws.com", "aps.amazonaws.com")
"""Prometheus also asks for the topic's attributes,
https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-alertmanager-receiver-AMPpermission.html"""


def build(scope: Scope, spec: MonitoringSpec, keys: Keys) -> AwsRoutes:
    """Create the topics and their receivers. Alarms need the topics, so they exist without routes too."""
    key = native(keys.parts, AwsKeys).ids["monitoring"]
    topics: dict[Severity, sns.Topic] = {}
    ready: list[pulumi.Resource] = []
    for severity in SEVERITIES:
        topic, policy = _topic(scope, severity, key)
        topics[severity] = topic
        ready.append(policy)
    for route in spec.routes:
        receiving: dict[Severity, sns.Topic] = {
            severity: topics[severity] for severity in SEVERITIES if severity in route.severities
        }
        match route:
            case EmailRoute():
                scope.note("monitoring.routes", f"{route.address} must confirm the subscription mail once")
                _subscribe(scope, receiving, "email", f"email-{_slug(route.address)}", route.address)
            case PagerDutyRoute():
                url = pulumi.Output.concat(
                    "https://events.pagerduty.com/integration/", scope.secret(route.key_secret), "/enqueue"
                )
                _subscribe(scope, receiving, "https", f"pagerduty-{route.name}", url)
            case SlackRoute():
                _slack(scope, route, receiving)
            case WebhookRoute():
                pass
    webhooks = [route for route in spec.routes if isinstance(route, WebhookRoute)]
    undelivered = make_webhooks(scope, webhooks, topics, key)
    return AwsRoutes(
        targets={severity: (topic.arn,) for severity, topic in topics.items()},
        ready=tuple(ready),
        undelivered=undelivered.name if undelivered else None,
    )


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _topic(scope: Scope, severity: Severity, key: pulumi.Output[str]) -> tuple[sns.Topic, sns.TopicPolicy]:
    target = scope.target(AwsTarget)
    topic = sns.Topic(
        scope.child(severity),
        name=physical_name(scope.spec, f"alerts-{severity}", LONG),
        kms_master_key_id=key,
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    policy = sns.TopicPolicy(
        scope.child(f"{severity}-policy"),
        arn=topic.arn,
        policy=policy_document(
            IamStatement(
                sid="Alerts",
                actions=("sns:GetTopicAttributes", "sns:Publish"),
                resources=topic.arn,
                principals={"Service": _SENDERS},
                conditions={"StringEquals": {"aws:SourceAccount": target.account_id}},
            ),
            # EventBridge rules send no source account to SNS
            IamStatement(
                sid="Rules",
                actions=("sns:Publish",),
                resources=topic.arn,
                principals={"Service": "events.amazonaws.com"},
            ),
            IamStatement(
                sid="OnlyTls",
                effect="Deny",
                actions=("sns:Publish",),
                resources=topic.arn,
                principals={"AWS": "*"},
                conditions={"Bool": {"aws:SecureTransport": "false"}},
            ),
        ),
        opts=scope.opts(),
    )
    return topic, policy


def _subscribe(
    scope: Scope, topics: dict[Severity, sns.Topic], protocol: str, role: str, endpoint: pulumi.Input[str]
) -> None:
    for severity, topic in topics.items():
        sns.TopicSubscription(
            scope.child(f"{role}-{severity}"),
            topic=topic.arn,
            protocol=protocol,
            endpoint=endpoint,
            # PagerDuty confirms automatically; a person confirms a mail
            endpoint_auto_confirms=True if protocol == "https" else None,
            opts=scope.opts(),
        )


def _slack(scope: Scope, route: SlackRoute, topics: dict[Severity, sns.Topic]) -> None:
    name = _slug(route.channel)
    scope.note(
        "monitoring.routes",
        f"authorise Slack workspace {route.team_id} once in the Amazon Q Developer console; "
        f"{route.token_secret} is not needed on AWS",
    )
    target = scope.target(AwsTarget)
    role = iam.Role(
        scope.child(f"slack-{name}-role"),
        name=physical_name(scope.spec, f"slack-{name}", ROLE),
        assume_role_policy=service_trust("chatbot.amazonaws.com"),
        tags=scope.tags,
        opts=scope.opts(),
    )
    read_only = target.managed_policy("CloudWatchReadOnlyAccess")
    attachment = iam.RolePolicyAttachment(
        scope.child(f"slack-{name}-metrics"), role=role.name, policy_arn=read_only, opts=scope.opts()
    )
    chatbot.SlackChannelConfiguration(
        scope.child(f"slack-{name}"),
        configuration_name=physical_name(scope.spec, name, 128),
        iam_role_arn=role.arn,
        slack_team_id=route.team_id,
        slack_channel_id=route.channel_id,
        sns_topic_arns=[topic.arn for topic in topics.values()],
        # members of the channel can read metrics through it and nothing else
        guardrail_policy_arns=[read_only],
        logging_level="ERROR",
        user_authorization_required=True,
        tags=scope.tags,
        opts=scope.opts(depends_on=[attachment], delete_before_replace=True),
    )
