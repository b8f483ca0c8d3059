"""Messages between services are encrypted with a customer-managed key."""

from __future__ import annotations

from mlplatform.checks.predicates import own_key
from mlplatform.checks.rule import CheckRule, Entry

_REASON = "Messages are not encrypted with a customer-managed key."

RULE = CheckRule(
    id="message-encryption",
    level="medium",
    topic="encryption",
    title="Messages are encrypted with customer-managed keys",
    why="Events name data, models and alerts, and wait in queues for days.",
    fix="Encrypt it with one of the platform's keys.",
    entries=(
        Entry(
            ("aws:sns/topic:Topic",),
            own_key("kmsMasterKeyId", _REASON),
            refs=("AWS FSBP SNS.1",),
            link="https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
        ),
        Entry(
            ("aws:sqs/queue:Queue",),
            own_key("kmsMasterKeyId", _REASON),
            refs=("AWS FSBP SQS.1",),
            link="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
        ),
        Entry(
            ("gcp:pubsub/topic:Topic",),
            own_key("kmsKeyName", _REASON),
            link="https://cloud.google.com/pubsub/docs/encryption",
        ),
        Entry(
            ("azure-native:servicebus:Namespace", "azure-native:eventhub:Namespace"),
            own_key("encryption.keyVaultProperties[].keyName", _REASON),
            refs=("MCSB DP-5",),
            link="https://learn.microsoft.com/azure/service-bus-messaging/configure-customer-managed-key",
        ),
    ),
)
