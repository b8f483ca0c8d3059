"""Topics and queues refuse messages without TLS."""

from __future__ import annotations

from mlplatform.checks.documents import policy_statements
from mlplatform.checks.predicates import is_one_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry


def _only_tls(types: str, prop: str, target: Resource) -> list[CheckFault]:
    for policy in target.siblings(types, prop):
        for statement in policy_statements(policy, "policy"):
            if not statement.allows and "false" in statement.condition("aws:SecureTransport"):
                return []
    return [CheckFault("Its policy does not deny messages without TLS.", "policy")]


RULE = CheckRule(
    id="message-tls",
    level="medium",
    topic="transport",
    title="Topics and queues refuse messages without TLS",
    why="Alerts and events name data and models, and start pipelines.",
    fix="Deny requests without TLS.",
    entries=(
        Entry(
            ("aws:sns/topic:Topic",),
            lambda topic: _only_tls("aws:sns/topicPolicy:TopicPolicy", "arn", topic),
            link="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
            siblings=True,
        ),
        Entry(
            ("aws:sqs/queue:Queue",),
            lambda queue: _only_tls("aws:sqs/queuePolicy:QueuePolicy", "queueUrl", queue),
            link="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
            siblings=True,
        ),
        Entry(
            ("azure-native:servicebus:Namespace", "azure-native:eventhub:Namespace"),
            is_one_of("minimumTlsVersion", ("1.2", "1.3"), "It does not require TLS 1.2"),
            refs=("MCSB DP-3",),
            link="https://learn.microsoft.com/azure/service-bus-messaging/transport-layer-security-configure-minimum-version",
        ),
    ),
)
